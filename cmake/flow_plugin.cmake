# carrick_add_flow(name SOURCES ... [LIBS ...] [MANIFEST file]): a flow plugin as a shared library NAME.so with
# one exported symbol and its manifest NAME.json beside it, in build/<preset>/plugins.
function(carrick_add_flow name)
  cmake_parse_arguments(ARG "" "MANIFEST;OUTPUT" "SOURCES;LIBS" ${ARGN})
  if(NOT ARG_MANIFEST)
    set(ARG_MANIFEST ${CMAKE_CURRENT_SOURCE_DIR}/manifest.json)
  endif()
  if(NOT ARG_OUTPUT)
    set(ARG_OUTPUT ${CMAKE_BINARY_DIR}/plugins)
  endif()
  add_library(${name} MODULE ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${ARG_OUTPUT}
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  target_compile_options(${name} PRIVATE "$<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>")
  target_link_options(${name} PRIVATE -Wl,--exclude-libs,ALL
    -Wl,--version-script=${CMAKE_SOURCE_DIR}/cmake/flow_plugin.map -Wl,-z,defs)
  set_target_properties(${name} PROPERTIES LINK_DEPENDS ${CMAKE_SOURCE_DIR}/cmake/flow_plugin.map)
  if(CARRICK_SANITIZE)
    # A sanitizer's runtime lives in the program; its symbols are undefined in the plugin.
    target_link_options(${name} PRIVATE -Wl,-z,undefs)
  endif()
  target_link_libraries(${name} PRIVATE carrick::sdk ${ARG_LIBS})
  carrick_set_warnings(${name})
  configure_file(${ARG_MANIFEST} ${ARG_OUTPUT}/${name}.json COPYONLY)
endfunction()
