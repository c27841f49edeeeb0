// ONNX Runtime, the part of it that an embedding model needs, without its headers: the library is looked for when
// a model is configured, and never before. Its C interface is one function that gives a table of functions, which
// only ever grows at its end (https://onnxruntime.ai/docs/api/c: "append only"); so the places of the few used
// here are the same in every release since the first.
//
// Everything is owned by what it is held in, a status that is no success becomes an Error with the runtime's own
// words, and nothing is called back. One model may be run by several threads.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace resident::onnx {

// The oldest that is accepted: the first to read opset 17, which is what models are written in today.
inline constexpr std::uint32_t kOldestMinor = 12;

enum class Element : int { other = 0, number = 1, whole = 7 };  // float32 and int64 of ONNXTensorElementDataType

struct Tensor {
  std::string name;
  Element element = Element::other;
  std::vector<std::int64_t> shape;  // -1: any
};

struct Values {
  std::vector<std::int64_t> shape;
  std::vector<float> numbers;
};

class Library;

class Model {
 public:
  // runtime: what dlopen(3) takes. model: a .onnx file's bytes. threads: 0 leaves it to the runtime. Throws Error.
  Model(const std::string& runtime, std::string_view model, int threads);
  ~Model();
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  const std::vector<Tensor>& inputs() const { return inputs_; }
  const std::vector<Tensor>& outputs() const { return outputs_; }
  const std::string& version() const;  // of the runtime

  struct Input {
    const char* name;
    const std::vector<std::int64_t>* values;
  };
  // Whole numbers of that shape in, numbers of one output out: at most `most` of them. Throws Error.
  Values run(const std::vector<Input>& inputs, const std::vector<std::int64_t>& shape, const std::string& output,
             std::size_t most) const;

 private:
  std::vector<Tensor> tensors(bool of_inputs) const;

  const Library& library_;
  std::shared_ptr<void> session_;
  std::vector<Tensor> inputs_, outputs_;
};

}  // namespace resident::onnx
