// Which of several labels fits a text, with calibrated probabilities, learnt from
// texts that bear them. An ensemble of logistic regressions over tf·idf (Salton &
// Buckley 1988) of the views of features.hpp: one over all texts, the others also with each
// feature once more within its topic, since a word means different things in different
// places ("easy adaptation", Daumé III 2007). Topics are found by spherical k-means
// (Dhillon & Modha 2001). Probabilities are tempered (Guo et al. 2017) on
// texts that the ensemble did not learn from. Same input, same result.
#pragma once

#include <base/packed.hpp>
#include <learn/labels/features.hpp>
#include <memory>
#include <vector>

namespace resident::labels {

struct Example {
  const Features* features = nullptr;
  int label = 0;  // 0 to label_count - 1
};

struct LearningOptions {
  std::vector<int> topics{1, 6, 8, 10, 12};  // of each member; 1: none
  std::vector<View> views = {};              // empty: all
  double cost = 1;
  int calibration_folds = 3;
};

class Classifier {
 public:
  // Throws Error where fewer than two labels have examples.
  Classifier(const std::vector<Example>& examples, int label_count, const LearningOptions& options = {});
  Classifier(Classifier&&) noexcept;
  Classifier& operator=(Classifier&&) noexcept;
  ~Classifier();

  // Of each label; they add up to 1.
  std::vector<double> probabilities(const Features& features) const;
  // What speaks for the label against the mean of the others: a weight for each feature
  // of the view, in order; 0 for what was never seen.
  std::vector<double> contributions(const Features& features, View view, int label) const;
  double temperature() const;
  // As bytes and back (base/packed.hpp). Throws Error where they are broken.
  void pack(Packer& packer) const;
  static Classifier unpack(Unpacker& unpacker);

 private:
  Classifier();
  struct Ensemble;
  std::unique_ptr<Ensemble> ensemble_;
};

}  // namespace resident::labels
