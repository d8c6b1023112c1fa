# SPDX-License-Identifier: GPL-2.0-or-later
# Files that the program carries as texts.

# Sets VARIABLE to rows {"name", R"text"}, one for each of the FILES after it, in their order. A
# name is a file's without folder and extension. A file that changes configures anew.
function(seamark_named_texts variable)
    set(rows "")
    foreach(file IN LISTS ARGN)
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
        file(READ ${file} text)
        get_filename_component(name ${file} NAME_WE)
        string(APPEND rows "    {\"${name}\", R\"seamark(${text})seamark\"},\n")
    endforeach()
    set(${variable} "${rows}" PARENT_SCOPE)
endfunction()
