carrick_add_test(sdk_values_test
  SOURCES decimal_test.cpp money_test.cpp json_test.cpp ids_test.cpp utc_time_test.cpp utf8_test.cpp
  LIBS carrick::sdk)
