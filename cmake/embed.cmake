# embed(TARGET SYMBOL name FILES globs...): makes `resident::embedded::name()`, a
# list of {file name, content}, from files, so that the binary needs none at run time.
# The generated source is rewritten when a file changes or the list does.
set(EMBED_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/embed_script.cmake)
function(embed target)
  cmake_parse_arguments(ARG "" "SYMBOL" "FILES" ${ARGN})
  set(files "")
  foreach(pattern ${ARG_FILES})
    if(NOT IS_ABSOLUTE ${pattern})
      set(pattern ${CMAKE_SOURCE_DIR}/${pattern})
    endif()
    if(pattern MATCHES "[*]")
      file(GLOB found CONFIGURE_DEPENDS ${pattern})
      list(APPEND files ${found})
    else()
      list(APPEND files ${pattern})
    endif()
  endforeach()
  list(SORT files)
  set(output ${CMAKE_BINARY_DIR}/embedded/${ARG_SYMBOL}.cpp)
  string(REPLACE ";" "|" joined "${files}")
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DSYMBOL=${ARG_SYMBOL} "-DFILES=${joined}" -DOUTPUT=${output} -P ${EMBED_SCRIPT}
    DEPENDS ${files} ${EMBED_SCRIPT} VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
