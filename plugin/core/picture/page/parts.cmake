# SPDX-License-Identifier: GPL-2.0-or-later
#
# The pictures of a page, as parts that other pages carry too: the emitter's page has the same.

set(SEAMARK_LANES_FOLDER ${CMAKE_CURRENT_LIST_DIR})
set(SEAMARK_LANES_SCRIPTS data.js delays.js scale.js lanes.js marks.js select.js controls.js)

# Sets variable to a C++ initializer: a string literal for each of some files, in their order. Literals of more than
# 65,535 bytes are not portable, so they are not joined.
function(seamark_texts variable)
    set(literals "")
    foreach(file IN LISTS ARGN)
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
        file(READ ${file} text)
        string(APPEND literals "\nR\"seamark(${text})seamark\",")
    endforeach()
    set(${variable} "${literals}" PARENT_SCOPE)
endfunction()

# Sets variable to the HTML of a file with the parts put in: @bar@ (buttons), @lanes@ (pictures, table and panel).
function(seamark_page_html variable file)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} html)
    foreach(part IN ITEMS bar lanes)
        set(source ${SEAMARK_LANES_FOLDER}/${part}.html)
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
        file(READ ${source} text)
        string(STRIP "${text}" text)
        string(REPLACE "@${part}@" "${text}" html "${html}")
    endforeach()
    set(${variable} "${html}" PARENT_SCOPE)
endfunction()
