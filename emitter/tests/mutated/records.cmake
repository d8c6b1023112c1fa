# SPDX-License-Identifier: GPL-2.0-or-later
# Mutated scenarios and event records: the short versions; more, and other ones, with --count and --seed.

add_executable(read_records
    ${CMAKE_CURRENT_LIST_DIR}/read_records.cpp
    ${PROJECT_SOURCE_DIR}/plugin/fuzz/io_event_fuzzer.cpp
    ${PROJECT_SOURCE_DIR}/plugin/tests/core/support/core_reading.cpp
    ${PROJECT_SOURCE_DIR}/plugin/tests/core/support/model.cpp)
target_include_directories(read_records PRIVATE ${PROJECT_SOURCE_DIR}/plugin/tests/core)
target_link_libraries(read_records PRIVATE seamark_lab seamark_core seamark_flags)
if(SEAMARK_PYTHON)
    add_test(NAME emitter.mutated.scenarios
        COMMAND ${SEAMARK_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/scenarios.py $<TARGET_FILE:seamark> --count 100)
    add_test(NAME emitter.mutated.records
        COMMAND ${SEAMARK_PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/records.py $<TARGET_FILE:read_records> --count 500)
    set_tests_properties(emitter.mutated.scenarios emitter.mutated.records PROPERTIES TIMEOUT 900 LABELS emitter)
endif()
