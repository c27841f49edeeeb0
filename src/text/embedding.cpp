#include <fmt/format.h>
#include <fmt/ranges.h>
#include <xxhash.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <text/embedding.hpp>

namespace resident::text {

namespace {

constexpr std::string_view kForm = "1";  // of the numbers; with another, those that are kept are worth nothing
constexpr double kOne = 32767;
constexpr std::uintmax_t kLargestModel = std::uintmax_t{2} << 30;  // bytes: protobuf can't say more
constexpr std::uintmax_t kLargestVocabulary = std::uintmax_t{64} << 20;
constexpr std::size_t kMostNumbers = std::size_t{1} << 24;  // of one answer
constexpr std::size_t kBytesPerToken = 32;                  // of a text; what is beyond can hardly count

std::string read_file(const std::string& path, std::uintmax_t most, const char* what) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  std::ifstream stream(path, std::ios::binary);
  if (error || !stream)
    throw Error(fmt::format("the {} {} can't be read: {}", what, one_line(path),
                            error ? error.message() : "it can't be opened"),
                "check the path in [embedding] of the configuration, or take [embedding] out: it is not needed");
  if (size > most) throw Error(fmt::format("the {} {} is larger than {} MB", what, one_line(path), most >> 20));
  std::string content(static_cast<std::size_t>(size), '\0');
  stream.read(content.data(), static_cast<std::streamsize>(size));
  content.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, stream.gcount())));
  return content;
}

std::string read_model(const EmbeddingRules& rules) {
  return read_file(rules.model, kLargestModel, "embedding model");
}

std::string read_vocabulary(const EmbeddingRules& rules) {
  return read_file(rules.vocabulary, kLargestVocabulary, "vocabulary");
}

// Which files the rules name, as they lie there: changes when one of them does.
std::string stamp_of(const EmbeddingRules& rules) {
  std::string stamp = fmt::format("{}\n{}\n{}", rules.runtime, rules.most_tokens, rules.threads);
  for (const auto& path : {rules.model, rules.vocabulary}) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    const auto written = std::filesystem::last_write_time(path, error).time_since_epoch().count();
    stamp += fmt::format("\n{}\n{} {}", path, error ? 0 : size, error ? 0 : written);
  }
  return stamp;
}

std::string name_from(const EmbeddingRules& rules, std::string_view model, std::string_view vocabulary) {
  const auto hash = XXH3_128bits(model.data(), model.size());
  return fmt::format("{:016x}{:016x}.{:016x}.{}.{}", hash.high64, hash.low64,
                     XXH3_64bits(vocabulary.data(), vocabulary.size()), rules.most_tokens, kForm);
}

std::string told(const onnx::Tensor& tensor) {
  const char* element = tensor.element == onnx::Element::number  ? "float"
                        : tensor.element == onnx::Element::whole ? "int64"
                                                                 : "something else";
  return fmt::format("{} ({}, {} dimensions)", one_line(tensor.name), element, tensor.shape.size());
}

std::string told(const std::vector<onnx::Tensor>& tensors) {
  std::vector<std::string> list;
  for (const auto& tensor : tensors) list.push_back(told(tensor));
  return fmt::format("{}", fmt::join(list, ", "));
}

}  // namespace

std::vector<float> mean_pooled(std::span<const float> tokens, std::span<const std::int64_t> mask, std::size_t width) {
  std::vector<double> sums(width);
  std::size_t count = 0;
  for (std::size_t i = 0; i < mask.size() && (i + 1) * width <= tokens.size(); ++i) {
    if (mask[i] == 0) continue;
    ++count;
    for (std::size_t j = 0; j < width; ++j) sums[j] += static_cast<double>(tokens[i * width + j]);
  }
  std::vector<float> mean(width);
  for (std::size_t j = 0; j < width && count > 0; ++j)
    mean[j] = static_cast<float>(sums[j] / static_cast<double>(count));
  return mean;
}

Meaning unit(std::span<const float> vector) {
  double square = 0;
  for (const float each : vector) square += static_cast<double>(each) * static_cast<double>(each);
  if (!std::isfinite(square)) throw Error("the embedding model gave what is no number", "use another model");
  Meaning meaning(vector.size());
  if (square > 0)
    for (std::size_t i = 0; i < vector.size(); ++i)
      meaning[i] = static_cast<std::int16_t>(std::lround(static_cast<double>(vector[i]) / std::sqrt(square) * kOne));
  return meaning;
}

bool is_unit(std::span<const std::int16_t> meaning) {
  double square = 0;
  for (const auto each : meaning) square += static_cast<double>(each) * each;
  return square == 0 || std::abs(square / (kOne * kOne) - 1) < 0.02;
}

// By Cauchy and Schwarz no partial sum leaves 32 bits where both have unit length.
double cosine(std::span<const std::int16_t> a, std::span<const std::int16_t> b) {
  std::int32_t sum = 0;
  const std::size_t width = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < width; ++i) sum += static_cast<std::int32_t>(a[i]) * b[i];
  return std::clamp(static_cast<double>(sum) / (kOne * kOne), -1.0, 1.0);
}

Embedder::Embedder(const EmbeddingRules& rules) : most_tokens_(static_cast<std::size_t>(rules.most_tokens)) {
  const std::string bytes = read_model(rules), vocabulary = read_vocabulary(rules);
  pieces_ = WordPiece::parse(vocabulary, rules.vocabulary);
  model_ = std::make_unique<onnx::Model>(rules.runtime, bytes, rules.threads);
  check_inputs(rules.model);
  choose_output(rules.model);
  name_ = name_from(rules, bytes, vocabulary);
  // As long as any text will be: a model that takes less than most_tokens says so here, not in the midst of the work.
  std::string longest;
  for (std::size_t i = 0; i < most_tokens_; ++i) longest += "a ";
  width_ = embed(longest).size();
}

void Embedder::check_inputs(const std::string& file) {
  bool has_numbers = false, has_mask = false, is_right = true;
  for (const auto& input : model_->inputs()) {
    has_numbers = has_numbers || input.name == "input_ids";
    has_mask = has_mask || input.name == "attention_mask";
    takes_types_ = takes_types_ || input.name == "token_type_ids";
    is_right = is_right &&
               (input.name == "input_ids" || input.name == "attention_mask" || input.name == "token_type_ids") &&
               input.element == onnx::Element::whole && input.shape.size() == 2 && input.shape[0] <= 1;
    if (is_right && input.shape[1] > 0) {
      padded_to_ = input.shape[1];
      most_tokens_ = std::min(most_tokens_, static_cast<std::size_t>(padded_to_));
    }
  }
  if (has_numbers && has_mask && is_right && most_tokens_ >= 2 && padded_to_ <= 1 << 16) return;
  throw Error(fmt::format("{} is no model of sentences: its inputs are {}", one_line(file), told(model_->inputs())),
              "it has to take input_ids and attention_mask, and token_type_ids if it likes, all int64 [batch, tokens]: "
              "a BERT exported for feature extraction does");
}

void Embedder::choose_output(const std::string& file) {
  const auto& outputs = model_->outputs();
  const onnx::Tensor* chosen = outputs.empty() ? nullptr : &outputs.front();
  for (const auto& output : outputs)
    if (output.name == "sentence_embedding") chosen = &output;  // pooled as the model was trained
  if (!chosen || chosen->element != onnx::Element::number || chosen->shape.size() < 2 || chosen->shape.size() > 3)
    throw Error(fmt::format("{} is no model of sentences: its outputs are {}", one_line(file), told(outputs)),
                "it has to give float [batch, tokens, width], or [batch, width]");
  output_ = chosen->name;
}

Meaning Embedder::embed(std::string_view text) const {
  auto numbers = pieces_.numbers(text.substr(0, kBytesPerToken * most_tokens_), most_tokens_);
  std::vector<std::int64_t> mask(numbers.size(), 1);
  if (padded_to_ > 0) {
    numbers.resize(static_cast<std::size_t>(padded_to_), pieces_.pad());
    mask.resize(numbers.size(), 0);
  }
  const std::vector<std::int64_t> types(numbers.size(), 0);
  std::vector<onnx::Model::Input> inputs{{"input_ids", &numbers}, {"attention_mask", &mask}};
  if (takes_types_) inputs.push_back({"token_type_ids", &types});
  const auto tokens = static_cast<std::int64_t>(numbers.size());
  const auto answer = model_->run(inputs, {1, tokens}, output_, kMostNumbers);
  const bool is_pooled = answer.shape.size() == 2;
  const bool is_right = !answer.shape.empty() && answer.shape.front() == 1 &&
                        (is_pooled || (answer.shape.size() == 3 && answer.shape[1] == tokens)) &&
                        answer.shape.back() > 0 && answer.shape.back() <= static_cast<std::int64_t>(kWidestMeaning) &&
                        (width_ == 0 || answer.shape.back() == static_cast<std::int64_t>(width_));
  if (!is_right)
    throw Error(fmt::format("the embedding model answered {} tokens by [{}]", tokens, fmt::join(answer.shape, ", ")),
                "it has to give [batch, tokens, width], or [batch, width]");
  if (is_pooled) return unit(answer.numbers);
  return unit(mean_pooled(answer.numbers, mask, static_cast<std::size_t>(answer.shape.back())));
}

std::string Embedder::name_of(const EmbeddingRules& rules) {
  static std::mutex mutex;
  static std::map<std::string, std::string> names;
  const std::lock_guard lock(mutex);
  auto& name = names[stamp_of(rules)];
  if (name.empty()) {
    const std::string model = read_model(rules), vocabulary = read_vocabulary(rules);
    name = name_from(rules, model, vocabulary);
  }
  return name;
}

std::shared_ptr<const Embedder> embedder_of(const EmbeddingRules& rules) {
  static std::mutex mutex;
  // Never destroyed: at the program's end the runtime may be gone before it.
  static auto& made_for = *new std::string;
  static auto& made = *new std::shared_ptr<const Embedder>;
  const std::lock_guard lock(mutex);
  const std::string stamp = stamp_of(rules);
  if (!made || made_for != stamp) {
    made.reset();
    made = std::make_shared<Embedder>(rules);
    made_for = stamp;
  }
  return made;
}

}  // namespace resident::text
