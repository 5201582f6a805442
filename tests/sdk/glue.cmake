carrick_add_test(sdk_glue_test SOURCES glue_keyed_hash_test.cpp LIBS carrick::sdk)
