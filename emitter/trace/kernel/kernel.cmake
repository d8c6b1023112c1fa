# SPDX-License-Identifier: GPL-2.0-or-later
# The kernel recorder: a program for the kernel, which clang compiles and bpftool makes into a header
# (the skeleton) at build time, and libbpf, which loads it. Where one of them is missing, `seamark
# trace --kernel` says what to install.

set(SEAMARK_KERNEL AUTO CACHE STRING "Build the kernel recorder: ON, OFF, or AUTO (where it can be)")
set_property(CACHE SEAMARK_KERNEL PROPERTY STRINGS AUTO ON OFF)

set(SEAMARK_KERNEL_SOURCES
    kernel/call_assembler.cpp
    kernel/call_order.cpp
    kernel/kernel_call.cpp
    kernel/kernel_support.cpp
    kernel/kernel_tracer.cpp
    kernel/network_of.cpp)

set(SEAMARK_HAS_KERNEL OFF)
if(SEAMARK_KERNEL)
    find_program(SEAMARK_BPF_CLANG NAMES clang clang-19 clang-16 clang-15 clang-14)
    find_program(SEAMARK_BPFTOOL bpftool HINTS /usr/sbin /sbin)
    find_library(SEAMARK_LIBBPF bpf)
    find_path(SEAMARK_LIBBPF_INCLUDE bpf/libbpf.h)
    set(missing "")
    foreach(part IN ITEMS CLANG:clang TOOL:bpftool LIB:libbpf-dev)
        string(REPLACE ":" ";" part "${part}")
        list(POP_FRONT part what package)
        set(found ${SEAMARK_BPF_CLANG})
        if(what STREQUAL TOOL)
            set(found ${SEAMARK_BPFTOOL})
        elseif(what STREQUAL LIB AND SEAMARK_LIBBPF_INCLUDE)
            set(found ${SEAMARK_LIBBPF})
        elseif(what STREQUAL LIB)
            set(found NOTFOUND)
        endif()
        if(NOT found)
            string(APPEND missing " ${package}")
        endif()
    endforeach()
    if(NOT CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
        string(APPEND missing " (a processor of x86-64)")
    endif()
    if(NOT missing)
        set(SEAMARK_HAS_KERNEL ON)
    elseif(SEAMARK_KERNEL STREQUAL "AUTO")
        message(STATUS "seamark trace --kernel is not built; missing:${missing}")
    else()
        message(FATAL_ERROR "SEAMARK_KERNEL is ${SEAMARK_KERNEL}, and this is missing:${missing}")
    endif()
endif()

if(SEAMARK_HAS_KERNEL)
    list(APPEND SEAMARK_KERNEL_SOURCES kernel/kernel_recorder.cpp)
    set(skeleton_folder ${CMAKE_CURRENT_BINARY_DIR}/skeleton)
    set(skeleton ${skeleton_folder}/trace/kernel/recorder.skel.h)
    set(object ${skeleton_folder}/recorder.bpf.o)
    file(MAKE_DIRECTORY ${skeleton_folder}/trace/kernel)
    # Headers of the C library do not know a compiler for the kernel's machine by themselves.
    set(arch_include "")
    if(CMAKE_LIBRARY_ARCHITECTURE)
        set(arch_include -I/usr/include/${CMAKE_LIBRARY_ARCHITECTURE})
    endif()
    add_custom_command(OUTPUT ${skeleton}
        COMMAND ${SEAMARK_BPF_CLANG} -g -O2 --target=bpf -D__TARGET_ARCH_x86 ${arch_include}
            -I${SEAMARK_LIBBPF_INCLUDE} -I${PROJECT_SOURCE_DIR}/emitter -Wall -Wextra -Wno-unused-parameter
            $<$<BOOL:${SEAMARK_WERROR}>:-Werror> -c ${CMAKE_CURRENT_LIST_DIR}/recorder.bpf.c -o ${object}
        COMMAND ${SEAMARK_BPFTOOL} gen skeleton ${object} name seamark_recorder > ${skeleton}
        DEPENDS kernel/recorder.bpf.c kernel/kernel_event.h kernel/kernel_types.h kernel/socket_state_bpf.h
            kernel/system_call_bpf.h kernel/syscall_numbers.h
        COMMENT "Compiling the kernel recorder"
        COMMAND_EXPAND_LISTS
        VERBATIM)
    list(APPEND SEAMARK_KERNEL_SOURCES ${skeleton})
    add_custom_target(seamark_skeleton DEPENDS ${skeleton}) # alone, for what reads sources
else()
    list(APPEND SEAMARK_KERNEL_SOURCES kernel/kernel_recorder_missing.cpp)
endif()

function(seamark_link_kernel_recorder target)
    if(NOT SEAMARK_HAS_KERNEL)
        return()
    endif()
    target_include_directories(${target} SYSTEM PRIVATE ${skeleton_folder} ${SEAMARK_LIBBPF_INCLUDE})
    target_compile_definitions(${target} PRIVATE SEAMARK_HAS_KERNEL_RECORDER)
    target_link_libraries(${target} PRIVATE ${SEAMARK_LIBBPF})
endfunction()
