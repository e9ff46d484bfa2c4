#include <numeric>

#include <fmt/format.h>

#include "attributes.hpp"
#include "synth_layouts.hpp"

namespace weir::io {

namespace {

/// What an NWB 2 file must have around an ElectricalSeries: the electrodes' table, their group and their
/// device (NWB schema, core 2.5). The tables and the series point at one another by object references.
constexpr const char* version = "2.5.0";
constexpr const char* series = "/acquisition/ElectricalSeries";
constexpr const char* electrodes = "/general/extracellular_ephys/electrodes";
constexpr const char* probe = "/general/extracellular_ephys/probe";
constexpr const char* device = "/general/devices/synthesiser";

class nwb_file {
 public:
  nwb_file(hid_t file, const recording& what) : file_(file), what_(what) {}

  void add_required() const {
    const h5::object root(h5::check(H5Oopen(file_, "/", H5P_DEFAULT), "cannot open the root group"));
    set_kind(root.get(), "NWBFile", "core", 0);
    h5::set_attribute(root.get(), "nwb_version", std::string(version));
    for (const char* path :
         {"/analysis", "/processing", "/scratch", "/stimulus", "/stimulus/presentation",
          "/stimulus/templates", "/general", "/general/devices", "/general/extracellular_ephys"}) {
      add_group(path);
    }
    const std::string start(synthetic_start);
    add_text("/identifier", "weir-synthetic");
    add_text("/session_description", "synthetic recording");
    add_text("/session_start_time", start);
    add_text("/timestamps_reference_time", start);
    add_texts("/file_create_date", {start});
  }

  void add_electrodes() const {
    set_kind(add_group(device).get(), "Device", "core", 1);
    const h5::group group = add_group(probe);
    set_kind(group.get(), "ElectrodeGroup", "core", 2);
    h5::set_attribute(group.get(), "description", std::string("all channels"));
    h5::set_attribute(group.get(), "location", std::string("nowhere"));
    h5::check(H5Lcreate_soft(device, group.get(), "device", H5P_DEFAULT, H5P_DEFAULT),
              "cannot link the device");

    const h5::group table = add_group(electrodes);
    set_kind(table.get(), "DynamicTable", "hdmf-common", 3);
    h5::set_attribute(table.get(), "description", std::string("one electrode a channel"));
    h5::set_attribute(table.get(), "colnames", std::vector<std::string>{"location", "group", "group_name"});
    const h5::dataset id = add_indices(fmt::format("{}/id", electrodes));
    set_kind(id.get(), "ElementIdentifiers", "hdmf-common", 4);
    add_column("location", std::vector<std::string>(what_.channels, "nowhere"), 5);
    add_column("group_name", std::vector<std::string>(what_.channels, "probe"), 6);
    add_group_column();
  }

  void add_series(hid_t samples) const {
    link_samples(file_, samples, what_);
    const h5::object group(h5::check(H5Oopen(file_, series, H5P_DEFAULT), "cannot open the series"));
    set_kind(group.get(), "ElectricalSeries", "core", 8);
    h5::set_attribute(group.get(), "description", std::string("synthetic"));
    h5::set_attribute(group.get(), "comments", std::string("no comments"));
    constexpr double volts_a_millivolt = 1e-3;
    h5::set_attribute(samples, "conversion", what_.scale * volts_a_millivolt);
    h5::set_attribute(samples, "offset", what_.offset * volts_a_millivolt);
    h5::set_attribute(samples, "resolution", -1.0);
    h5::set_attribute(samples, "unit", std::string("volts"));

    const double zero = 0.0;
    const h5::dataset start =
        add_dataset(fmt::format("{}/starting_time", series), H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, {}, &zero);
    h5::set_attribute(start.get(), "rate", *what_.sampling_rate);
    h5::set_attribute(start.get(), "unit", std::string("seconds"));
    const h5::dataset region = add_indices(fmt::format("{}/electrodes", series));
    set_kind(region.get(), "DynamicTableRegion", "hdmf-common", 9);
    h5::set_attribute(region.get(), "description", std::string("all electrodes"));
    add_reference(region.get(), "table", electrodes);
  }

 private:
  /// NWB wants a UUID on every object; a synthetic file's are the same on every run.
  void set_kind(hid_t object, const std::string& type, const std::string& name_space, int number) const {
    h5::set_attribute(object, "neurodata_type", type);
    h5::set_attribute(object, "namespace", name_space);
    h5::set_attribute(object, "object_id", fmt::format("00000000-0000-4000-8000-{:012x}", number));
  }

  h5::group add_group(const std::string& path) const {
    return h5::group(h5::check(H5Gcreate2(file_, path.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                               fmt::format("cannot create {}", path)));
  }

  h5::dataset add_dataset(const std::string& path, hid_t stored, hid_t memory,
                          const std::vector<hsize_t>& extents, const void* values) const {
    const h5::dataspace space(
        extents.empty() ? H5Screate(H5S_SCALAR)
                        : H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr));
    const h5::properties created = h5::make_properties(H5P_DATASET_CREATE);
    H5Pset_obj_track_times(created.get(), false);
    const std::string what = fmt::format("cannot create {}", path);
    h5::dataset made(h5::check(
        H5Dcreate2(file_, path.c_str(), stored, space.get(), H5P_DEFAULT, created.get(), H5P_DEFAULT), what));
    h5::check(H5Dwrite(made.get(), memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), what);
    return made;
  }

  void add_text(const std::string& path, const std::string& text) const {
    const char* const pointer = text.c_str();
    const h5::datatype type = h5::text_type();
    add_dataset(path, type.get(), type.get(), {}, &pointer);
  }

  h5::dataset add_texts(const std::string& path, const std::vector<std::string>& texts) const {
    std::vector<const char*> pointers;
    for (const std::string& text : texts) pointers.push_back(text.c_str());
    const h5::datatype type = h5::text_type();
    return add_dataset(path, type.get(), type.get(), {pointers.size()}, pointers.data());
  }

  h5::dataset add_indices(const std::string& path) const {
    std::vector<std::int64_t> indices(what_.channels);
    std::iota(indices.begin(), indices.end(), 0);
    return add_dataset(path, H5T_STD_I64LE, H5T_NATIVE_INT64, {indices.size()}, indices.data());
  }

  void describe_column(hid_t column, int number) const {
    set_kind(column, "VectorData", "hdmf-common", number);
    h5::set_attribute(column, "description", std::string("of the electrode"));
  }

  void add_column(const std::string& name, const std::vector<std::string>& texts, int number) const {
    describe_column(add_texts(fmt::format("{}/{}", electrodes, name), texts).get(), number);
  }

  void add_group_column() const {
    hobj_ref_t reference{};
    h5::check(H5Rcreate(&reference, file_, probe, H5R_OBJECT, H5I_INVALID_HID), "cannot refer to the probe");
    const std::vector<hobj_ref_t> references(what_.channels, reference);
    const h5::dataset column = add_dataset(fmt::format("{}/group", electrodes), H5T_STD_REF_OBJ,
                                           H5T_STD_REF_OBJ, {references.size()}, references.data());
    constexpr int number = 7;
    describe_column(column.get(), number);
  }

  void add_reference(hid_t object, const char* name, const char* to) const {
    hobj_ref_t reference{};
    h5::check(H5Rcreate(&reference, file_, to, H5R_OBJECT, H5I_INVALID_HID), "cannot refer to an object");
    const h5::dataspace scalar(H5Screate(H5S_SCALAR));
    const h5::attribute made(
        h5::check(H5Acreate2(object, name, H5T_STD_REF_OBJ, scalar.get(), H5P_DEFAULT, H5P_DEFAULT),
                  "cannot create a reference"));
    h5::check(H5Awrite(made.get(), H5T_STD_REF_OBJ, &reference), "cannot write a reference");
  }

  hid_t file_;
  const recording& what_;
};

void furnish(hid_t file, hid_t samples, const recording& what) {
  const nwb_file nwb(file, what);
  nwb.add_required();
  nwb.add_electrodes();
  nwb.add_series(samples);
}

}  // namespace

const synth_layout synth_nwb{"nwb", "/acquisition/ElectricalSeries/data", time_axis::first, furnish};

}  // namespace weir::io
