# Two packages for the Debian (and the Wireshark) that this tree is built on: "seamark", the emitter, and
# "wireshark-plugin-seamark". `./run package` makes them, with all that they hold.
include(GNUInstallDirs)

set(SEAMARK_PACKAGE_VERSION "${PROJECT_VERSION}" CACHE STRING "Version of the packages")
set(SEAMARK_MAINTAINER "Seamark developers <seamark@seamark.invalid>" CACHE STRING
    "Who is responsible for the packages: NAME <MAIL>")

# What Debian asks of each: a changelog in its form, and the terms.
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)  # SOURCE_DATE_EPOCH, where it is set
set(doc ${CMAKE_BINARY_DIR}/package)
foreach(package IN ITEMS seamark wireshark-plugin-seamark)
    file(WRITE ${doc}/${package}/changelog
        "${package} (${SEAMARK_PACKAGE_VERSION}) unstable; urgency=medium\n\n"
        "  * What changed stands in CHANGELOG.md.gz.\n\n -- ${SEAMARK_MAINTAINER}  ${date}\n")
    configure_file(.ci/package/copyright.in ${doc}/${package}/copyright @ONLY)
    configure_file(CHANGELOG.md ${doc}/${package}/CHANGELOG.md COPYONLY)
    execute_process(COMMAND gzip -9nf ${doc}/${package}/changelog ${doc}/${package}/CHANGELOG.md)
endforeach()

# Usage: seamark_package_docs(COMPONENT PACKAGE)
function(seamark_package_docs component package)
    install(FILES ${CMAKE_BINARY_DIR}/package/${package}/changelog.gz
        ${CMAKE_BINARY_DIR}/package/${package}/CHANGELOG.md.gz
        ${CMAKE_BINARY_DIR}/package/${package}/copyright
        DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${package} COMPONENT ${component})
endfunction()

if(SEAMARK_PLUGIN)
    seamark_package_docs(plugin wireshark-plugin-seamark)
    install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/wireshark-plugin-seamark/docs COMPONENT plugin
        FILES_MATCHING PATTERN *.md PATTERN *.svg PATTERN *.png PATTERN *.html PATTERN *.json PATTERN *.pcapng
        PATTERN *.in.md EXCLUDE)
    # Beside them as in the tree, since the labs and links name them so.
    install(DIRECTORY test-captures/labs DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/wireshark-plugin-seamark/test-captures
        COMPONENT plugin FILES_MATCHING PATTERN *.pcapng PATTERN README.md)
    install(FILES README.md DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/wireshark-plugin-seamark COMPONENT plugin)
endif()
if(SEAMARK_EMITTER)
    seamark_package_docs(emitter seamark)
    # A page of the manual for each command, from what it prints about itself.
    find_package(Python3 COMPONENTS Interpreter)
    if(Python3_FOUND)
        set(manual ${CMAKE_BINARY_DIR}/man)
        add_custom_target(seamark_manual
            COMMAND ${Python3_EXECUTABLE} -B ${CMAKE_SOURCE_DIR}/.ci/manual $<TARGET_FILE:seamark> ${manual}
            DEPENDS seamark ${CMAKE_SOURCE_DIR}/.ci/manual
            COMMENT "Writing the pages of the manual" VERBATIM)
        install(DIRECTORY ${manual}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT emitter
            OPTIONAL FILES_MATCHING PATTERN *.1.gz)
    endif()
    install(FILES emitter/completion/seamark.bash RENAME seamark
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT emitter)
    if(SEAMARK_PLUGIN)
        get_property(extcap GLOBAL PROPERTY SEAMARK_EXTCAP_FOLDER)
        configure_file(.ci/package/seamark-lab.in ${CMAKE_BINARY_DIR}/package/seamark-lab @ONLY)
        install(PROGRAMS ${CMAKE_BINARY_DIR}/package/seamark-lab DESTINATION ${extcap} COMPONENT emitter)
    endif()
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME seamark)
set(CPACK_PACKAGE_VERSION ${SEAMARK_PACKAGE_VERSION})
set(CPACK_PACKAGE_CONTACT ${SEAMARK_MAINTAINER})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL emitter plugin)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_EMITTER_PACKAGE_NAME seamark)
set(CPACK_DEBIAN_EMITTER_PACKAGE_RECOMMENDS tshark)
set(CPACK_DEBIAN_EMITTER_PACKAGE_SUGGESTS wireshark-plugin-seamark)
set(CPACK_COMPONENT_EMITTER_DESCRIPTION "server, client and recorder for streamed HTTP responses
Serves chunked responses with exact control over each write call, records the
calls of its own and of other programs, makes captures in a network of its own,
and holds captures against assertions for CI. The Wireshark plugin in
wireshark-plugin-seamark shows where such a stream was cut, and why.")
set(CPACK_DEBIAN_PLUGIN_PACKAGE_NAME wireshark-plugin-seamark)
set(CPACK_DEBIAN_PLUGIN_PACKAGE_RECOMMENDS seamark)
set(CPACK_DEBIAN_PLUGIN_PACKAGE_ENHANCES "wireshark, tshark")
set(CPACK_COMPONENT_PLUGIN_DESCRIPTION "Wireshark plugin that shows where HTTP streams are cut
Joins the write calls, TLS records, chunks, TCP segments and reads of a
streamed HTTP/1 response byte for byte, names the cause of each cut and merge,
and draws them, in Wireshark and in tshark, on live captures and on files.")
# Files that ./run install put in the same places belong to no package, and would be lost in silence.
set(CPACK_DEBIAN_PLUGIN_PACKAGE_CONTROL_EXTRA ${CMAKE_SOURCE_DIR}/.ci/package/preinst)
set(CPACK_DEBIAN_EMITTER_PACKAGE_CONTROL_EXTRA ${CMAKE_SOURCE_DIR}/.ci/package/preinst)
include(CPack)
