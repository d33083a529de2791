# How every file of the project is compiled: one interface target, so that nothing is set twice.
add_library(entrepot_options INTERFACE)
target_compile_features(entrepot_options INTERFACE cxx_std_20)
target_include_directories(entrepot_options INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_options(entrepot_options INTERFACE -Wall -Wextra -Wconversion -Wshadow $<$<BOOL:${ENTREPOT_WERROR}>:-Werror>)
# GCC 12 and 13 warn of dangling references and overruns inside the standard library's own inlined code.
target_compile_options(entrepot_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict -Wno-stringop-overflow -Wno-maybe-uninitialized>)

if(ENTREPOT_SANITIZE STREQUAL "address")
  # CAF's headers bind null references in two places; see tests/README.md.
  set(sanitize -fsanitize=address,undefined -fno-sanitize=null,vptr -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
elseif(ENTREPOT_SANITIZE STREQUAL "thread")
  set(sanitize -fsanitize=thread)
endif()
target_compile_options(entrepot_options INTERFACE ${sanitize})
target_link_options(entrepot_options INTERFACE ${sanitize})

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE}")
endif()

# One library a room: entrepot_room(NAME [WITHOUT files...] [PUBLIC libs] [PRIVATE libs]) from the .cpp files of this folder and those below it.
function(entrepot_room name)
  cmake_parse_arguments(room "" "" "WITHOUT;PUBLIC;PRIVATE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cpp)
  foreach(file IN LISTS room_WITHOUT)
    list(REMOVE_ITEM sources "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
  endforeach()
  add_library(entrepot_${name} STATIC ${sources})
  target_link_libraries(entrepot_${name} PUBLIC entrepot_options ${room_PUBLIC} PRIVATE ${room_PRIVATE})
endfunction()
