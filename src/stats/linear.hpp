// Regularised logistic regression over sparse rows, one class against the rest:
// minimises |w|²/2 + C Σ log(1 + exp(-y w·x)), by liblinear's trust-region Newton
// method (Fan et al. 2008, "LIBLINEAR: A Library for Large Linear Classification",
// JMLR 9; Lin, Weng & Keerthi 2008). The same rows give the same weights.
#pragma once

#include <base/packed.hpp>
#include <cstdint>
#include <utility>
#include <vector>

namespace resident {

// Features (from 0) with their values, each once, in order.
using SparseRow = std::vector<std::pair<std::uint32_t, float>>;

class LinearClassifier {
 public:
  LinearClassifier() = default;
  // classes: of each row, 0 to class_count - 1. cost is C, above 0. Throws Error where
  // there is nothing to learn from: no rows, or a single class.
  LinearClassifier(const std::vector<SparseRow>& rows, const std::vector<int>& classes, int class_count, double cost);

  // w·x of each class; a class that no row had is far below all.
  std::vector<double> decisions(const SparseRow& row) const;
  // Weight of the feature for the class.
  double weight(std::uint32_t feature, int class_index) const;
  int class_count() const { return class_count_; }
  // As bytes and back (base/packed.hpp). Throws Error where they are broken.
  void pack(Packer& packer) const;
  static LinearClassifier unpack(Unpacker& unpacker);

 private:
  int class_count_ = 0;
  std::vector<float> weights_;  // feature × class
  std::vector<bool> is_known_;  // class
};

}  // namespace resident
