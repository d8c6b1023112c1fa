# SPDX-License-Identifier: GPL-2.0-or-later
# A folder of the core as a library of its own.
#
#   seamark_room(NAME SOURCES file.cpp... [LINKS room...])
#
# makes seamark_NAME of the folder NAME. Its files may include the standard library, their own folder
# and the folders of the rooms that it links, directly or through them. Since all folders lie under one
# include path, the compiler alone would take an include of any other: check_includes.cmake looks at
# every file of the folder before it is compiled.
function(seamark_room name)
    cmake_parse_arguments(PARSE_ARGV 1 room "" "" "SOURCES;LINKS")
    list(TRANSFORM room_SOURCES PREPEND "${name}/")
    add_library(seamark_${name} STATIC ${room_SOURCES})
    target_include_directories(seamark_${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/..)
    target_link_libraries(seamark_${name} PRIVATE seamark_flags)

    set(allowed ${name})
    foreach(below IN LISTS room_LINKS)
        target_link_libraries(seamark_${name} PUBLIC seamark_${below})
        get_property(reached TARGET seamark_${below} PROPERTY SEAMARK_ROOMS)
        list(APPEND allowed ${reached})
    endforeach()
    list(REMOVE_DUPLICATES allowed)
    set_property(TARGET seamark_${name} PROPERTY SEAMARK_ROOMS ${allowed})

    file(GLOB files CONFIGURE_DEPENDS ${name}/*.hpp ${name}/*.cpp ${name}/*.h)
    set(stamp ${CMAKE_CURRENT_BINARY_DIR}/${name}.includes)
    add_custom_command(OUTPUT ${stamp}
        COMMAND ${CMAKE_COMMAND} "-DROOM=${name}" "-DALLOWED=${allowed}" "-DFILES=${files}" "-DSTAMP=${stamp}"
            -P ${CMAKE_CURRENT_SOURCE_DIR}/check_includes.cmake
        DEPENDS ${files} ${CMAKE_CURRENT_SOURCE_DIR}/check_includes.cmake
        COMMENT "Checking what core/${name} includes"
        VERBATIM)
    add_custom_target(seamark_${name}_includes DEPENDS ${stamp})
    add_dependencies(seamark_${name} seamark_${name}_includes)
endfunction()
