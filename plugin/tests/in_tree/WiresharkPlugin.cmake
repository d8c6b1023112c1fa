# SPDX-License-Identifier: GPL-2.0-or-later
# The two macros of Wireshark's module of this name that the plugin calls.
macro(add_wireshark_plugin_library plugin folder)
    add_library(${plugin} MODULE ${PLUGIN_FILES})
endmacro()
macro(install_plugin plugin folder)
    install(TARGETS ${plugin} LIBRARY DESTINATION plugins/${folder})
endmacro()
