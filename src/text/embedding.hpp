// Texts as points of a space in which those that mean the same lie near each other, by a model that a user
// has got and named in the configuration ([embedding]): Reimers & Gurevych 2019 ("Sentence-BERT"). Optional, and
// nothing of it is looked for where no model is named. The runtime and the model come from the
// configuration file alone, never from a forge.
//
// A vector has unit length in whole numbers (16 bits, 32767 is 1), so what is kept and what is made anew is the
// same, and cosines are exact sums that do not depend on the machine. One text at a time: what a model says of a text
// must not depend on the texts beside it.
#pragma once

#include <config/config.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <text/onnx_runtime.hpp>
#include <text/wordpiece.hpp>
#include <vector>

namespace resident::text {

using Meaning = std::vector<std::int16_t>;  // empty: none

inline constexpr std::size_t kWidestMeaning = 8192;  // numbers

// Mean of the tokens that count (mask not 0), each `width` numbers.
std::vector<float> mean_pooled(std::span<const float> tokens, std::span<const std::int64_t> mask, std::size_t width);
// At unit length, in whole numbers; zeros stay zeros. Throws Error for what is not finite.
Meaning unit(std::span<const float> vector);
bool is_unit(std::span<const std::int16_t> meaning);  // or zeros
// -1 to 1; both of the same width, and is_unit().
double cosine(std::span<const std::int16_t> a, std::span<const std::int16_t> b);

class Embedder {
 public:
  // Reads the model and its vocabulary. Throws Error{what, what to do} where the runtime is missing or too old, a file
  // is missing, or the model is none that takes words and gives numbers.
  explicit Embedder(const EmbeddingRules& rules);

  Meaning embed(std::string_view text) const;
  std::size_t width() const { return width_; }
  const std::string& name() const { return name_; }  // as name_of() said it when it was read
  const std::string& runtime_version() const { return model_->version(); }

  // The name of what the rules say: of the files' contents, and all else that decides about the numbers. Throws
  // Error where a file can't be read.
  static std::string name_of(const EmbeddingRules& rules);

 private:
  void check_inputs(const std::string& file);
  void choose_output(const std::string& file);

  WordPiece pieces_;
  std::unique_ptr<onnx::Model> model_;
  std::size_t most_tokens_ = 0;
  std::int64_t padded_to_ = 0;  // tokens; 0: as many as there are
  bool takes_types_ = false;
  std::string output_, name_;
  std::size_t width_ = 0;
};

// The embedder of the rules, made once in a process, and again once its files have changed. Throws Error.
std::shared_ptr<const Embedder> embedder_of(const EmbeddingRules& rules);

}  // namespace resident::text
