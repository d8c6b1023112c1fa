# SPDX-License-Identifier: GPL-2.0-or-later
cmake_minimum_required(VERSION 3.25)
# Fails where a file of the core includes what its folder does not link.
# In: ROOM, ALLOWED (folders), FILES, STAMP (written when all is well).
foreach(file IN LISTS FILES)
    file(STRINGS ${file} includes REGEX "^[ \t]*#[ \t]*include")
    foreach(include IN LISTS includes)
        if(include MATCHES "<[a-z0-9_]+(\\.h)?>")
            continue()
        endif()
        if(include MATCHES "\"core/([a-z0-9_]+)/" AND CMAKE_MATCH_1 IN_LIST ALLOWED)
            continue()
        endif()
        list(JOIN ALLOWED ", " names)
        message(FATAL_ERROR "${file}: ${include}\n"
            "core/${ROOM} may include the standard library and these folders of the core: ${names}. "
            "What it needs of another folder belongs below it, or this belongs above.")
    endforeach()
endforeach()
file(TOUCH ${STAMP})
