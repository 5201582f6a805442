# carrick_set_warnings(target): the warnings of this house, for our own code only.
function(carrick_set_warnings target)
  set(warnings -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wfloat-equal -Wdouble-promotion -Wundef)
  set(cxx_warnings -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual)
  # GCC 12 with -O2 takes the unused alternative of a std::variant for an uninitialised one; clang's
  # analysis of the same code, and ours under sanitizers, find nothing.
  set(gcc_warnings -Wno-maybe-uninitialized)
  target_compile_options(${target} PRIVATE ${warnings} "$<$<COMPILE_LANGUAGE:CXX>:${cxx_warnings}>"
                                           "$<$<CXX_COMPILER_ID:GNU>:${gcc_warnings}>")
endfunction()

# carrick_add_module(name SOURCES ... PUBLIC ... PRIVATE ...): one static library a module, carrick::name.
function(carrick_add_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(carrick_${name} STATIC ${ARG_SOURCES})
  add_library(carrick::${name} ALIAS carrick_${name})
  target_include_directories(carrick_${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(carrick_${name} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
  carrick_set_warnings(carrick_${name})
endfunction()
