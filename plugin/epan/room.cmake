# SPDX-License-Identifier: GPL-2.0-or-later
# A folder of the plugin as a library of objects.
#
#   seamark_epan_room(NAME SOURCES file.cpp... [BELOW room...])
#
# makes seamark_epan_NAME of the folder NAME, whose files may include the standard library, the core,
# their own folder and the rooms below, directly or through them. check_includes.cmake looks at every
# file of the folder before it is compiled. Objects, not an archive: nothing of the plugin is left out
# by the linker.

# What every file of the plugin is compiled with.
function(seamark_epan_flags target)
    target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_FUNCTION_LIST_DIR})
    # Wireshark's headers are not clean under our warnings. Its own build names more folders of them, for
    # everything in it.
    get_property(others DIRECTORY PROPERTY INCLUDE_DIRECTORIES)
    target_include_directories(${target} SYSTEM PRIVATE
        $<TARGET_PROPERTY:epan,INTERFACE_INCLUDE_DIRECTORIES> ${others} ${SEAMARK_GCRYPT_INCLUDE})
    target_compile_definitions(${target} PRIVATE
        WS_BUILD_DLL
        SEAMARK_VERSION="${SEAMARK_VERSION}"
        G_LOG_DOMAIN="seamark")
    target_link_libraries(${target} PRIVATE seamark_flags seamark_core PkgConfig::SEAMARK_GLIB)
endfunction()

# The folders that a room may include, with itself.
function(seamark_epan_allowed result name)
    set(allowed ${name})
    foreach(below IN LISTS ARGN)
        get_property(reached TARGET seamark_epan_${below} PROPERTY SEAMARK_ROOMS)
        list(APPEND allowed ${reached})
    endforeach()
    list(REMOVE_DUPLICATES allowed)
    set(${result} ${allowed} PARENT_SCOPE)
endfunction()

function(seamark_epan_room name)
    cmake_parse_arguments(PARSE_ARGV 1 room "" "" "SOURCES;BELOW")
    set(target seamark_epan_${name})
    list(TRANSFORM room_SOURCES PREPEND "${name}/")
    add_library(${target} OBJECT ${room_SOURCES})
    seamark_epan_flags(${target})
    # Wireshark's headers are read once, by the lowest room. Wireshark's own build does without.
    if(COMMAND seamark_precompile AND name STREQUAL platform)
        seamark_precompile(${target} ${CMAKE_CURRENT_SOURCE_DIR}/platform/wireshark.hpp)
    elseif(COMMAND seamark_precompile_as)
        seamark_precompile_as(${target} seamark_epan_platform)
    endif()

    seamark_epan_allowed(allowed ${name} ${room_BELOW})
    set_property(TARGET ${target} PROPERTY SEAMARK_ROOMS ${allowed})
    file(GLOB files CONFIGURE_DEPENDS ${name}/*.hpp ${name}/*.cpp)
    set(stamp ${CMAKE_CURRENT_BINARY_DIR}/${name}.includes)
    add_custom_command(OUTPUT ${stamp}
        COMMAND ${CMAKE_COMMAND} "-DROOM=${name}" "-DALLOWED=${allowed}" "-DFILES=${files}" "-DSTAMP=${stamp}"
            "-DWRAPPER=${CMAKE_CURRENT_SOURCE_DIR}/platform/wireshark.hpp"
            -P ${CMAKE_CURRENT_SOURCE_DIR}/check_includes.cmake
        DEPENDS ${files} ${CMAKE_CURRENT_SOURCE_DIR}/check_includes.cmake
        COMMENT "Checking what epan/${name} includes"
        VERBATIM)
    add_custom_target(${target}_includes DEPENDS ${stamp})
    add_dependencies(${target} ${target}_includes)
endfunction()
