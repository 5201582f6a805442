# find_package(CarrickSDK): CarrickSDK::abi (C, needs nothing), CarrickSDK::sdk (C++20, where RapidJSON's headers are
# found), carrick_add_flow. COMPONENTS sdk makes the C++ part a requirement.
include(${CMAKE_CURRENT_LIST_DIR}/CarrickSDKAbi.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/flow_plugin.cmake)

find_path(CarrickSDK_RAPIDJSON_INCLUDE rapidjson/reader.h)
mark_as_advanced(CarrickSDK_RAPIDJSON_INCLUDE)
set(CarrickSDK_abi_FOUND TRUE)
if(CarrickSDK_RAPIDJSON_INCLUDE)
  if(NOT TARGET CarrickSDK::rapidjson)
    add_library(CarrickSDK::rapidjson INTERFACE IMPORTED)
    set_target_properties(CarrickSDK::rapidjson PROPERTIES
      INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${CarrickSDK_RAPIDJSON_INCLUDE}
      INTERFACE_INCLUDE_DIRECTORIES ${CarrickSDK_RAPIDJSON_INCLUDE})
  endif()
  include(${CMAKE_CURRENT_LIST_DIR}/CarrickSDKSdk.cmake)
  set(CarrickSDK_sdk_FOUND TRUE)
endif()

foreach(component ${CarrickSDK_FIND_COMPONENTS})
  if(NOT CarrickSDK_${component}_FOUND AND CarrickSDK_FIND_REQUIRED_${component})
    set(CarrickSDK_FOUND FALSE)
    set(CarrickSDK_NOT_FOUND_MESSAGE
      "CarrickSDK has no component ${component} here; sdk needs RapidJSON's headers (Debian: rapidjson-dev)")
  endif()
endforeach()
