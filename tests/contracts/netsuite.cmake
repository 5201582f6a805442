# The NetSuite record contract as a check that contract tests link.
add_library(carrick_netsuite_contract STATIC ${CMAKE_CURRENT_LIST_DIR}/netsuite_contract.cpp)
target_include_directories(carrick_netsuite_contract PUBLIC ${CMAKE_SOURCE_DIR})
target_link_libraries(carrick_netsuite_contract PUBLIC carrick::sdk)
carrick_set_warnings(carrick_netsuite_contract)

carrick_add_test(netsuite_contract_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/netsuite_contract_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/netsuite_connector_test.cpp
    ${CMAKE_SOURCE_DIR}/tests/core/connectors/netsuite/fake_jobs.cpp
    ${CMAKE_SOURCE_DIR}/tests/core/connectors/netsuite/netsuite_fixture.cpp
  LIBS carrick_netsuite_contract carrick::netsuite OpenSSL::Crypto)
