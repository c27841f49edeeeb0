#include <linear.h>

#include <algorithm>
#include <base/error.hpp>
#include <mutex>
#include <stats/linear.hpp>

namespace resident {

namespace {

constexpr double kTolerance = 0.03;  // of the gradient; finer changes no decision, and takes longer
constexpr double kNever = -30;

void say_nothing(const char*) {}

}  // namespace

LinearClassifier::LinearClassifier(const std::vector<SparseRow>& rows, const std::vector<int>& classes, int class_count,
                                   double cost)
    : class_count_(class_count), is_known_(static_cast<std::size_t>(class_count)) {
  if (rows.empty() || rows.size() != classes.size() || class_count < 2 || cost <= 0)
    throw Error("there is nothing to learn a classifier from");
  for (const int each : classes) is_known_[static_cast<std::size_t>(each)] = true;
  if (std::count(is_known_.begin(), is_known_.end(), true) < 2) throw Error("a classifier needs two classes or more");
  std::size_t total = 0, features = 1;
  for (const auto& row : rows) {
    total += row.size() + 1;
    if (!row.empty()) features = std::max<std::size_t>(features, row.back().first + 1);
  }
  std::vector<feature_node> nodes;
  nodes.reserve(total);
  std::vector<feature_node*> starts;
  std::vector<double> targets;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    starts.push_back(nodes.data() + nodes.size());
    for (const auto& [feature, value] : rows[i]) nodes.push_back({static_cast<int>(feature) + 1, value});
    nodes.push_back({-1, 0});
    targets.push_back(classes[i]);
  }
  static std::once_flag silenced;
  std::call_once(silenced, [] { set_print_string_function(say_nothing); });
  problem task{};
  task.l = static_cast<int>(rows.size());
  task.n = static_cast<int>(features);
  task.y = targets.data();
  task.x = starts.data();
  task.bias = -1;
  parameter how{};
  how.solver_type = L2R_LR;
  how.eps = kTolerance;
  how.C = cost;
  how.p = 0.1;
  model* learnt = train(&task, &how);
  const int seen = get_nr_class(learnt);
  std::vector<int> labels(static_cast<std::size_t>(seen));
  get_labels(learnt, labels.data());
  const auto width = static_cast<std::size_t>(class_count);
  weights_.resize(features * width);
  for (std::size_t feature = 0; feature < features; ++feature)
    for (int k = 0; k < seen; ++k)
      weights_[feature * width + static_cast<std::size_t>(labels[static_cast<std::size_t>(k)])] =
          static_cast<float>(get_decfun_coef(learnt, static_cast<int>(feature) + 1, k));
  free_and_destroy_model(&learnt);
}

std::vector<double> LinearClassifier::decisions(const SparseRow& row) const {
  const auto width = static_cast<std::size_t>(class_count_);
  std::vector<double> result(width);
  for (const auto& [feature, value] : row) {
    const std::size_t at = feature * width;
    if (at >= weights_.size()) continue;
    for (std::size_t k = 0; k < width; ++k) result[k] += static_cast<double>(weights_[at + k]) * value;
  }
  for (std::size_t k = 0; k < width; ++k)
    if (!is_known_[k]) result[k] = kNever;
  return result;
}

double LinearClassifier::weight(std::uint32_t feature, int class_index) const {
  const std::size_t at = feature * static_cast<std::size_t>(class_count_) + static_cast<std::size_t>(class_index);
  return at < weights_.size() ? weights_[at] : 0;
}

void LinearClassifier::pack(Packer& packer) const {
  packer.whole(static_cast<std::uint64_t>(class_count_));
  for (const bool known : is_known_) packer.whole(known ? 1 : 0);
  packer.numbers(weights_);
}

LinearClassifier LinearClassifier::unpack(Unpacker& unpacker) {
  LinearClassifier classifier;
  const std::size_t classes = unpacker.count(1);
  classifier.class_count_ = static_cast<int>(classes);
  for (std::size_t k = 0; k < classes; ++k) classifier.is_known_.push_back(unpacker.whole() != 0);
  classifier.weights_ = unpacker.numbers<float>();
  if (classes < 2 || classifier.weights_.size() % classes != 0)
    throw Error("a kept classifier has not all its weights");
  return classifier;
}

}  // namespace resident
