# How everything is compiled: standard, ccache, sanitizers, reproducible paths.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_LINK_DEPENDS_NO_SHARED ON)

# With a base directory and no directory in the hash, a clone in another folder hits the same cache.
find_program(CARRICK_CCACHE ccache)
if(CARRICK_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CARRICK_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()
add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)

if(CARRICK_SANITIZE)
  add_compile_options(-fsanitize=${CARRICK_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  # RapidJSON 1.1.0 adds to the null pointer of its still empty stack (internal/stack.h).
  add_compile_options(-fno-sanitize=pointer-overflow)
  add_link_options(-fsanitize=${CARRICK_SANITIZE})
endif()
if(CARRICK_FUZZ)
  # The libraries under test must tell the fuzzer which branches an input took; it refuses to explore blindly.
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
