# The package that `find_package(weir)` finds: libraries by room, weir::split, weir::fir and so on, and weir::weir,
# which is all of them.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

add_library(weir INTERFACE)
target_link_libraries(weir INTERFACE weir_split weir_jobs weir_fir weir_io weir_pipeline)
target_compile_features(weir INTERFACE cxx_std_20)

set(weir_package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/weir)
set(weir_libraries weir weir_mpi weir_shm weir_split weir_jobs weir_fir weir_steps weir_plugin weir_io weir_blocks weir_pipeline)
foreach(library IN LISTS weir_libraries)
  string(REGEX REPLACE "^weir_" "" room ${library})
  set_target_properties(${library} PROPERTIES EXPORT_NAME ${room})
endforeach()

# weir_flags is what the libraries were built with; only its name is needed to link them.
install(TARGETS ${weir_libraries} weir_flags EXPORT weir_targets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/weir DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT library)
install(EXPORT weir_targets NAMESPACE weir:: DESTINATION ${weir_package_folder} COMPONENT library)

find_program(weir_mpi_compiler NAMES ${MPI_CXX_COMPILER} NO_CACHE)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/weir-config.cmake.in weir-config.cmake
                              INSTALL_DESTINATION ${weir_package_folder})
write_basic_package_version_file(weir-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/weir-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/weir-config-version.cmake
        DESTINATION ${weir_package_folder} COMPONENT library)
