# SPDX-License-Identifier: GPL-2.0-or-later
# How everything of ours is compiled. The top CMakeLists.txt includes it for the emitter as well; within
# Wireshark's own build, which asks for C++11, plugin/CMakeLists.txt does, and it holds for that folder.
include_guard()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# An interface target, so that no flag reaches a dependency that is built in the same tree.
add_library(seamark_flags INTERFACE)
if(MSVC)  # clang-cl too
    target_compile_options(seamark_flags INTERFACE /W4 $<$<BOOL:${SEAMARK_WERROR}>:/WX>)
elseif(CMAKE_CXX_COMPILER_ID MATCHES "^(GNU|Clang|AppleClang)$")
    target_compile_options(seamark_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow
        $<$<BOOL:${SEAMARK_WERROR}>:-Werror>)
endif()
# From GCC 14 on, a sum of texts and the digits of a constant counts as a copy out of bounds, under one
# of these names; clang and the sanitizers watch bounds as well.
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 14)
    target_compile_options(seamark_flags INTERFACE
        "$<$<COMPILE_LANGUAGE:CXX>:-Wno-array-bounds;-Wno-stringop-overflow;-Wno-restrict>")
endif()
# Wireshark's TRY and CATCH change a volatile variable in ways that C++20 deprecates; GCC lets its headers do so.
if(CMAKE_CXX_COMPILER_ID MATCHES Clang AND NOT MSVC)
    target_compile_options(seamark_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-deprecated-volatile>)
endif()
