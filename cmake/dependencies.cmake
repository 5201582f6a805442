# Every library from outside, once. The Debian packages they come from, with the reason for each,
# stand in cmake/debian-packages.txt. All are system headers to our warnings.
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Boost 1.74 REQUIRED COMPONENTS system filesystem)
find_package(cpprestsdk 2.10 REQUIRED)
find_package(yaml-cpp 0.7 REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(SQLite3 3.40 REQUIRED)
find_package(Lua 5.4 REQUIRED)  # headers; the library is the C++ build, see below
if(CARRICK_TESTS)
  find_package(Catch2 2.13 REQUIRED)
endif()

find_path(CARRICK_RAPIDJSON_INCLUDE rapidjson/reader.h REQUIRED)
find_path(CARRICK_VALIJSON_INCLUDE valijson/validator.hpp REQUIRED)

add_library(carrick_rapidjson INTERFACE)
add_library(carrick::rapidjson ALIAS carrick_rapidjson)
target_include_directories(carrick_rapidjson SYSTEM INTERFACE $<BUILD_INTERFACE:${CARRICK_RAPIDJSON_INCLUDE}>)

add_library(carrick_valijson INTERFACE)
add_library(carrick::valijson ALIAS carrick_valijson)
target_include_directories(carrick_valijson SYSTEM INTERFACE ${CARRICK_VALIJSON_INCLUDE})

# Debian's C++ build of Lua reports errors by exceptions, so destructors in our functions run; the
# plain C build would longjmp over them.
find_library(CARRICK_LUA_CXX lua5.4-c++ REQUIRED)
add_library(carrick_lua INTERFACE)
add_library(carrick::lua ALIAS carrick_lua)
target_include_directories(carrick_lua SYSTEM INTERFACE ${LUA_INCLUDE_DIR})
target_link_libraries(carrick_lua INTERFACE ${CARRICK_LUA_CXX})

# Howard Hinnant's date with tz; Debian's package brings a CMake configuration.
find_package(date REQUIRED)
