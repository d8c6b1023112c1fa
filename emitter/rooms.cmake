# SPDX-License-Identifier: GPL-2.0-or-later
# Which folder may include which: the compiler would take any, since all lie under one include path.
# An include that is not in this table fails the build of the programs (check_includes.cmake).

set(SEAMARK_EMITTER_ROOMS
    "file:"
    "plan:"
    "record:file core/base core/event"
    "net/tls:"
    "net/socket:net/tls record core/base core/event"
    "net/server:net/socket net/tls plan record file"
    "net/client:net/socket net/tls plan record file"
    "trace:plan record file core/base core/event"
    "import:plan record file core/base core/event"
    "lab:plan record file core/base core/event"
    "check:plan file core/base"
    "doctor:check lab trace core/base")

file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} *.cpp *.hpp *.c *.h)
list(TRANSFORM files PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE paths)
set(stamp ${CMAKE_CURRENT_BINARY_DIR}/rooms.checked)
add_custom_command(OUTPUT ${stamp}
    COMMAND ${CMAKE_COMMAND} "-DROOMS=${SEAMARK_EMITTER_ROOMS}" "-DFILES=${files}" "-DTOP=${CMAKE_CURRENT_SOURCE_DIR}"
        "-DSTAMP=${stamp}" -P ${CMAKE_CURRENT_SOURCE_DIR}/check_includes.cmake
    DEPENDS ${paths} ${CMAKE_CURRENT_SOURCE_DIR}/check_includes.cmake ${CMAKE_CURRENT_SOURCE_DIR}/rooms.cmake
    COMMENT "Checking what the emitter's folders include"
    VERBATIM)
add_custom_target(seamark_emitter_includes DEPENDS ${stamp})
add_dependencies(seamark seamark_emitter_includes)
