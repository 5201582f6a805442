# What the flows write, against the NetSuite record contract.
carrick_add_flow_test(flow_payloads_test FLOWS mfn_customer_import mfn_order_import fba_fulfillment
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/flow_payloads_test.cpp
  LIBS carrick_netsuite_contract)
