#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <charconv>
#include <map>
#include <mutex>
#include <text/onnx_runtime.hpp>

namespace resident::onnx {

namespace {

// Pointers of the runtime, all of them opaque to us.
using Handle = void*;
using Status = void*;

// Where each function stands in the table.
enum Place : std::size_t {
  get_error_message = 2,
  create_environment = 3,
  disable_telemetry = 6,
  create_session_from_array = 8,
  run_session = 9,
  create_session_options = 10,
  set_intra_op_threads = 24,
  input_count = 30,
  output_count = 31,
  input_type = 33,
  output_type = 34,
  input_name = 36,
  output_name = 37,
  create_tensor_with_data = 49,
  is_tensor = 50,
  tensor_data = 51,
  tensor_info_of_type = 55,
  element_type = 60,
  dimension_count = 61,
  dimensions = 62,
  tensor_info_of_value = 65,
  create_cpu_memory_info = 69,
  allocator_free = 76,
  default_allocator = 78,
  release_status = 93,
  release_memory_info = 94,
  release_session = 95,
  release_value = 96,
  release_type = 98,
  release_tensor_info = 99,
  release_session_options = 100,
};

struct ApiBase {
  const void* const* (*api)(std::uint32_t version);
  const char* (*version)();
};

constexpr int kSilent = 4;  // a failure is told once, as an Error
constexpr std::size_t kMostTensors = 64, kMostDimensions = 8, kLongestName = 256, kLongestMessage = 600;
constexpr const char* kHint =
    "say where it is: runtime = \"/path/libonnxruntime.so.1\" in [embedding] of the configuration; without [embedding] "
    "it is not needed (docs/guide/configuration.md)";

std::string told(const char* text) {
  std::string line = one_line(clean_text(text ? text : "", kLongestMessage));
  return line.empty() ? "it does not say why" : line;
}

// 1.x.y: x.
std::uint32_t minor_of(std::string_view version) {
  std::uint32_t minor = 0;
  if (version.starts_with("1.")) std::from_chars(version.data() + 2, version.data() + version.size(), minor);
  return minor;
}

}  // namespace

class Library {
 public:
  // The same for the same name. Once loaded it stays: its threads and its memory do not end before the process.
  static const Library& load(const std::string& name) {
    static std::mutex mutex;
    static auto& loaded = *new std::map<std::string, std::unique_ptr<Library>>;
    const std::lock_guard lock(mutex);
    auto& library = loaded[name];
    if (!library) library.reset(new Library(name));
    return *library;
  }

  // A function that gives a status; throws Error if that is no success.
  template <class... Arguments>
  void call(Place place, const char* doing, Arguments... arguments) const {
    const auto function = reinterpret_cast<Status (*)(Arguments...)>(const_cast<void*>(table_[place]));
    const Status status = function(arguments...);
    if (!status) return;
    const auto message = reinterpret_cast<const char* (*)(Status)>(const_cast<void*>(table_[get_error_message]));
    const std::string why = told(message(status));
    release(release_status, status);
    throw Error(fmt::format("ONNX Runtime {} failed while {}: {}", version_, doing, why),
                "is the model whole, and one that this runtime knows?");
  }
  void release(Place place, Handle handle) const {
    if (handle) reinterpret_cast<void (*)(Handle)>(const_cast<void*>(table_[place]))(handle);
  }
  std::shared_ptr<void> own(Handle handle, Place place) const {
    return {handle, [this, place](Handle each) { release(place, each); }};
  }
  Handle environment() const { return environment_; }
  const std::string& version() const { return version_; }

 private:
  explicit Library(const std::string& name) {
    Handle handle = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!handle) throw Error(fmt::format("ONNX Runtime can't be loaded: {}", told(dlerror())), kHint);
    const auto base = reinterpret_cast<const ApiBase* (*)()>(dlsym(handle, "OrtGetApiBase"));
    if (!base) {
      dlclose(handle);
      throw Error(fmt::format("{} is not ONNX Runtime: it has no OrtGetApiBase", one_line(name)), kHint);
    }
    const char* version = base()->version();
    version_ = one_line(clean_text(version && *version ? version : "of no version", kLongestName));
    table_ = minor_of(version_) < kOldestMinor ? nullptr : base()->api(kOldestMinor);
    if (!table_)
      throw Error(
          fmt::format("{} is ONNX Runtime {}; it must be 1.{} or newer", one_line(name), version_, kOldestMinor),
          kHint);
    call(create_environment, "starting", kSilent, "resident", &environment_);
    call(disable_telemetry, "starting", environment_);
  }

  std::string version_;
  const void* const* table_ = nullptr;
  Handle environment_ = nullptr;  // for as long as the process runs
};

Model::Model(const std::string& runtime, std::string_view model, int threads) : library_(Library::load(runtime)) {
  Handle made = nullptr;
  library_.call(create_session_options, "starting", &made);
  const auto options = library_.own(made, release_session_options);
  library_.call(set_intra_op_threads, "starting", options.get(), threads);
  made = nullptr;
  library_.call(create_session_from_array, "reading the model", library_.environment(),
                static_cast<const void*>(model.data()), model.size(), options.get(), &made);
  session_ = library_.own(made, release_session);
  inputs_ = tensors(true);
  outputs_ = tensors(false);
}

Model::~Model() = default;

const std::string& Model::version() const {
  return library_.version();
}

namespace {

constexpr const char* kLooking = "looking at the model";

// Element type and shape, of a tensor's description.
std::pair<Element, std::vector<std::int64_t>> describe(const Library& library, Handle info) {
  int element = 0;
  std::size_t count = 0;
  library.call(element_type, kLooking, info, &element);
  library.call(dimension_count, kLooking, info, &count);
  if (count > kMostDimensions) return {Element::other, {}};
  std::vector<std::int64_t> shape(count);
  library.call(dimensions, kLooking, info, shape.data(), count);
  const bool is_known = element == static_cast<int>(Element::number) || element == static_cast<int>(Element::whole);
  return {is_known ? static_cast<Element>(element) : Element::other, shape};
}

}  // namespace

std::vector<Tensor> Model::tensors(bool of_inputs) const {
  std::size_t count = 0;
  library_.call(of_inputs ? input_count : output_count, kLooking, session_.get(), &count);
  Handle allocator = nullptr;  // the runtime's own, not to be released
  library_.call(default_allocator, kLooking, &allocator);
  std::vector<Tensor> result;
  for (std::size_t i = 0; i < std::min(count, kMostTensors); ++i) {
    Tensor tensor;
    char* name = nullptr;
    library_.call(of_inputs ? input_name : output_name, kLooking, session_.get(), i, allocator, &name);
    tensor.name = std::string(name ? name : "").substr(0, kLongestName);
    library_.call(allocator_free, kLooking, allocator, static_cast<void*>(name));
    Handle made = nullptr;
    library_.call(of_inputs ? input_type : output_type, kLooking, session_.get(), i, &made);
    const auto type = library_.own(made, release_type);
    Handle info = nullptr;  // a part of the type; null: it is no tensor
    library_.call(tensor_info_of_type, kLooking, type.get(), &info);
    if (info) std::tie(tensor.element, tensor.shape) = describe(library_, info);
    result.push_back(std::move(tensor));
  }
  return result;
}

Values Model::run(const std::vector<Input>& inputs, const std::vector<std::int64_t>& shape, const std::string& output,
                  std::size_t most) const {
  constexpr const char* kRunning = "running the model";
  Handle made = nullptr;
  library_.call(create_cpu_memory_info, kRunning, 0, 0, &made);  // no arena; usual memory
  const auto memory = library_.own(made, release_memory_info);
  std::vector<std::shared_ptr<void>> owned;
  std::vector<const char*> names;
  std::vector<const void*> values;
  for (const auto& input : inputs) {
    made = nullptr;
    library_.call(create_tensor_with_data, kRunning, memory.get(),
                  static_cast<void*>(const_cast<std::int64_t*>(input.values->data())),
                  input.values->size() * sizeof(std::int64_t), shape.data(), shape.size(),
                  static_cast<int>(Element::whole), &made);
    owned.push_back(library_.own(made, release_value));
    names.push_back(input.name);
    values.push_back(made);
  }
  const char* wanted = output.c_str();
  made = nullptr;
  library_.call(run_session, kRunning, session_.get(), Handle{nullptr}, names.data(), values.data(), values.size(),
                &wanted, std::size_t{1}, &made);
  const auto answer = library_.own(made, release_value);
  int has_numbers = 0;
  library_.call(is_tensor, kRunning, answer.get(), &has_numbers);
  if (!has_numbers) throw Error(fmt::format("the model's {} is no tensor", one_line(output)));
  made = nullptr;
  library_.call(tensor_info_of_value, kRunning, answer.get(), &made);
  const auto info = library_.own(made, release_tensor_info);
  Values result;
  Element element = Element::other;
  std::tie(element, result.shape) = describe(library_, info.get());
  std::size_t count = 1;
  for (const auto each : result.shape) {
    if (each < 0 || (each > 0 && count > most / static_cast<std::size_t>(each)))
      throw Error(fmt::format("the model's {} is larger than any embedding", one_line(output)));
    count *= static_cast<std::size_t>(each);
  }
  if (element != Element::number) throw Error(fmt::format("the model's {} has no numbers", one_line(output)));
  void* data = nullptr;
  library_.call(tensor_data, kRunning, answer.get(), &data);
  if (count > 0) result.numbers.assign(static_cast<const float*>(data), static_cast<const float*>(data) + count);
  return result;
}

}  // namespace resident::onnx
