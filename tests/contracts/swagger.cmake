# Amazon's Swagger models as a check that contract tests link.
add_library(carrick_swagger_check STATIC ${CMAKE_CURRENT_LIST_DIR}/swagger.cpp)
target_link_libraries(carrick_swagger_check PUBLIC carrick::schema PRIVATE carrick::http)
target_include_directories(carrick_swagger_check PUBLIC ${CMAKE_SOURCE_DIR})
carrick_set_warnings(carrick_swagger_check)

carrick_add_test(amazon_contract_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/swagger_test.cpp ${CMAKE_CURRENT_LIST_DIR}/amazon_contract_test.cpp
  LIBS carrick_swagger_check carrick::amazon)
