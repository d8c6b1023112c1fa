# SPDX-License-Identifier: GPL-2.0-or-later
cmake_minimum_required(VERSION 3.25)
# Fails where a file of plugin/epan includes a folder that does not lie below its own, or libwireshark
# other than through the wrapper.
# In: ROOM, ALLOWED (folders), WRAPPER (may include libwireshark), FILES, STAMP (written when all is well).
foreach(file IN LISTS FILES)
    file(STRINGS ${file} includes REGEX "^[ \t]*#[ \t]*include")
    foreach(include IN LISTS includes)
        if(include MATCHES "\"core/[a-z0-9_]+/")
            continue()
        endif()
        if(include MATCHES "\"([a-z0-9_]+)/" AND CMAKE_MATCH_1 IN_LIST ALLOWED)
            continue()
        endif()
        if(include MATCHES "<[a-z0-9_]+>" OR include MATCHES "<(unistd|fcntl|sys/[a-z]+|linux/magic)\\.h>" OR file STREQUAL WRAPPER)
            continue()
        endif()
        list(JOIN ALLOWED ", " names)
        message(FATAL_ERROR "${file}: ${include}\n"
            "epan/${ROOM} may include the standard library, POSIX's, the core, and these folders of plugin/epan: ${names}. "
            "libwireshark is included by ${WRAPPER} alone. "
            "What is needed of another folder belongs below it, or this belongs above.")
    endforeach()
endforeach()
file(TOUCH ${STAMP})
