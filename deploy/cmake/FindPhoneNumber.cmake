# Finds libphonenumber with its headers. Debian 12's libphonenumber-dev cannot be installed beside Boost 1.81, so deploy/install.sh unpacks its headers into
# build/unpacked; where nobody has called it yet, it is called from here. Defines PhoneNumber::phonenumber.
set(unpacked "${CMAKE_SOURCE_DIR}/build/unpacked/libphonenumber-dev/usr/include")
find_path(PHONENUMBER_INCLUDE_DIR NAMES phonenumbers/phonenumberutil.h HINTS "${unpacked}")
if(NOT PHONENUMBER_INCLUDE_DIR)
  execute_process(COMMAND bash -c "set -euo pipefail; root=$1; . $1/deploy/say.sh; . $1/deploy/install.sh; install_packages" bash "${CMAKE_SOURCE_DIR}")
  find_path(PHONENUMBER_INCLUDE_DIR NAMES phonenumbers/phonenumberutil.h HINTS "${unpacked}")
endif()
find_library(PHONENUMBER_LIBRARY NAMES phonenumber libphonenumber.so.8)
find_library(PHONENUMBER_PROTOBUF_LIBRARY NAMES protobuf)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(PhoneNumber REQUIRED_VARS PHONENUMBER_LIBRARY PHONENUMBER_PROTOBUF_LIBRARY PHONENUMBER_INCLUDE_DIR
                                  REASON_FAILURE_MESSAGE "deploy/run and tests/run install what is missing")
if(PhoneNumber_FOUND AND NOT TARGET PhoneNumber::phonenumber)
  add_library(PhoneNumber::phonenumber UNKNOWN IMPORTED)
  set_target_properties(PhoneNumber::phonenumber PROPERTIES
    IMPORTED_LOCATION "${PHONENUMBER_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${PHONENUMBER_INCLUDE_DIR}"
    INTERFACE_LINK_LIBRARIES "${PHONENUMBER_PROTOBUF_LIBRARY}")
endif()
mark_as_advanced(PHONENUMBER_INCLUDE_DIR PHONENUMBER_LIBRARY PHONENUMBER_PROTOBUF_LIBRARY)
