# SPDX-License-Identifier: GPL-2.0-or-later
# Mutated scenarios and event records: the short versions; more, and other ones, with --count and --seed.

add_executable(read_records
    ${CMAKE_CURRENT_LIST_DIR}/read_records.cpp
    ${PROJECT_SOURCE_DIR}/plugin/fuzz/io_event_fuzzer.cpp
    ${PROJECT_SOURCE_DIR}/plugin/tests/core/support/core_reading.cpp
    ${PROJECT_SOURCE_DIR}/plugin/tests/core/support/model.cpp)
target_include_directories(read_records PRIVATE ${PROJECT_SOURCE_DIR}/plugin/tests/core)
target_link_libraries(read_records PRIVATE seamark_lab seamark_core seamark_flags)
add_dependencies(emitter_tests read_records)
if(SEAMARK_PYTHON)
    add_test(NAME emitter.mutated.scenarios
        COMMAND ${SEAMARK_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/scenarios.py $<TARGET_FILE:seamark> --count 100)
    # records.py is not among them yet: what it expects of a followed file is from before records of a
    # foreign format were copied.
    set_tests_properties(emitter.mutated.scenarios PROPERTIES TIMEOUT 900)
endif()
