# SPDX-License-Identifier: GPL-2.0-or-later
# The standard library's headers are most of what a compiler reads of our files, so it reads them
# once. Targets do not know of it: each file still includes what it uses, and compiles with
# SEAMARK_PRECOMPILE off.

set(SEAMARK_STANDARD_HEADERS algorithm array charconv chrono cstdint cstring functional map memory
    optional span string string_view utility variant vector)
list(TRANSFORM SEAMARK_STANDARD_HEADERS REPLACE "(.+)" "<\\1>")

# Usage: seamark_precompile(TARGET [HEADER...]): the standard library, and these, for one target.
function(seamark_precompile target)
    if(NOT SEAMARK_PRECOMPILE)
        return()
    endif()
    target_precompile_headers(${target} PRIVATE ${SEAMARK_STANDARD_HEADERS} ${ARGN})
    # For ccache, which has to see in preprocessed text that there was such a header.
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fpch-preprocess>)
endfunction()

# Usage: seamark_precompile_as(TARGET OTHER): what is precompiled for another target, which has the same flags.
function(seamark_precompile_as target other)
    if(SEAMARK_PRECOMPILE)
        target_precompile_headers(${target} REUSE_FROM ${other})
        target_compile_options(${target} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fpch-preprocess>)
    endif()
endfunction()

# The libraries of a folder and of those below it share one, of the standard library alone.
# Usage: seamark_precompile_libraries(FOLDER)
function(seamark_precompile_libraries folder)
    if(NOT SEAMARK_PRECOMPILE)
        return()
    endif()
    if(NOT TARGET seamark_standard)
        file(WRITE ${CMAKE_BINARY_DIR}/seamark_standard.cpp "// Only for what is precompiled with it.\n")
        add_library(seamark_standard OBJECT ${CMAKE_BINARY_DIR}/seamark_standard.cpp)
        target_link_libraries(seamark_standard PRIVATE seamark_flags)
        seamark_precompile(seamark_standard)
    endif()
    get_property(targets DIRECTORY ${folder} PROPERTY BUILDSYSTEM_TARGETS)
    foreach(target IN LISTS targets)
        get_target_property(type ${target} TYPE)
        get_target_property(own ${target} PRECOMPILE_HEADERS)
        get_target_property(set ${target} PRECOMPILE_HEADERS_REUSE_FROM)
        if(type STREQUAL STATIC_LIBRARY AND NOT own AND NOT set)
            target_precompile_headers(${target} REUSE_FROM seamark_standard)
            get_target_property(sources ${target} SOURCES)
            list(FILTER sources INCLUDE REGEX "\\.c$")
            if(sources)
                get_target_property(base ${target} SOURCE_DIR)
                list(TRANSFORM sources PREPEND ${base}/)
                set_source_files_properties(${sources} TARGET_DIRECTORY ${target}
                    PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
            endif()
            target_compile_options(${target} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fpch-preprocess>)
        endif()
    endforeach()
    get_property(folders DIRECTORY ${folder} PROPERTY SUBDIRECTORIES)
    foreach(below IN LISTS folders)
        seamark_precompile_libraries(${below})
    endforeach()
endfunction()

# What is compiled for a whole run of the tests is compiled several files at a time: most of a small
# file's time goes to templates that its neighbours instantiate as well. Each file still compiles alone,
# as those that people get do.
# Usage: seamark_unite(FOLDER)
function(seamark_unite folder)
    get_property(targets DIRECTORY ${folder} PROPERTY BUILDSYSTEM_TARGETS)
    foreach(target IN LISTS targets)
        get_target_property(type ${target} TYPE)
        get_target_property(sources ${target} SOURCES)
        if(type MATCHES "STATIC_LIBRARY|EXECUTABLE|MODULE_LIBRARY" AND NOT sources MATCHES "\\.c(;|$)")
            set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 12)
        endif()
    endforeach()
    get_property(folders DIRECTORY ${folder} PROPERTY SUBDIRECTORIES)
    foreach(below IN LISTS folders)
        seamark_unite(${below})
    endforeach()
endfunction()
