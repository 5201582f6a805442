# The header alone compiles as C11 and C++20 with both compilers, without a warning.
foreach(case "gcc;c;c11" "gcc;c++;c++20" "clang;c;c11" "clang;c++;c++20")
  list(GET case 0 compiler)
  list(GET case 1 language)
  list(GET case 2 standard)
  carrick_abi_gate(header_${compiler}_${standard} ${compiler} -x ${language} -std=${standard} -Wall -Wextra -Wpedantic
    -Werror -fsyntax-only ${PROJECT_SOURCE_DIR}/sdk/include/carrick/abi/carrick_plugin.h)
endforeach()
