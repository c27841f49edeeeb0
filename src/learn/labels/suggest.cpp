#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/parallel.hpp>
#include <base/progress.hpp>
#include <base/text.hpp>
#include <cmath>
#include <learn/labels/suggest.hpp>
#include <map>
#include <mutex>

namespace resident::labels {

namespace {

constexpr std::size_t kNewest = 4000;  // issues that a group is learnt from: what counted years ago counts less
constexpr std::size_t kNewestAlone = 3000;
constexpr std::size_t kPlenty = 2000;
constexpr std::size_t kManyLabels = 8;
constexpr std::size_t kReasons = 4;
constexpr double kLeastReason = 0.02;  // of a feature's weight, to be named

LearningOptions options_for(const LabelGroup& group, std::size_t examples = 0) {
  LearningOptions options;
  if (group.is_exclusive()) {
    if (examples > kPlenty) {  // time counts there, and enough is left to learn from
      options.topics = {1, 8, 12};
      options.calibration_folds = 2;
    }
    // Labels of many kinds, such as components, are told by their words alone, and each costs a model.
    if (group.labels.size() > kManyLabels) options.topics = {1};
    return options;
  }
  options.topics = {1};
  options.views = {title_words, opening_words, headings, phrases};
  options.calibration_folds = 2;
  return options;
}

// A feature of the text's shape as one says it: "length of the text 2^8" is what the model counts by.
std::string shape_in_words(const std::string& feature) {
  const auto rest = [&](std::string_view begin) {
    return feature.starts_with(begin) ? feature.substr(begin.size()) : std::string();
  };
  if (const std::string power = rest("length of the text 2^"); !power.empty()) {
    const long long least = 1LL << std::stoi(power);
    return fmt::format("a text of {} to {} characters", with_thousands(least - 1), with_thousands(2 * least - 2));
  }
  if (const std::string word = rest("title begins "); !word.empty())
    return fmt::format("the title begins with “{}”", word);
  if (const std::string word = rest("title's prefix "); !word.empty())
    return fmt::format("“{}” before the title", word);
  for (const char* thing : {"code block", "question mark"}) {
    if (feature == fmt::format("0 {}s", thing)) return fmt::format("no {}", thing);
    if (feature == fmt::format("1 {}s", thing)) return fmt::format("one {}", thing);
    if (feature == fmt::format("3 {}s", thing)) return fmt::format("3 {}s or more", thing);
  }
  if (feature == "1 words in the title") return "one word in the title";
  return feature == "10 words in the title" ? "10 words or more in the title" : feature;
}

}  // namespace

std::optional<GroupLearner> GroupLearner::learn(const LabelHistory& history, const std::vector<Features>& features,
                                                const std::vector<std::size_t>& learn_from, const LabelGroup& group,
                                                Timestamp moment) {
  std::vector<Example> examples;
  std::map<int, std::size_t> counts;
  const std::size_t most = group.is_exclusive() ? kNewest : kNewestAlone;
  for (auto place = learn_from.rbegin(); place != learn_from.rend() && examples.size() < most; ++place) {
    const auto known = history.items[*place].known_by(moment);
    int label = -1;
    if (group.is_exclusive()) {
      for (std::size_t k = 0; k < group.labels.size(); ++k) {
        if (std::find(known.begin(), known.end(), group.labels[k]) == known.end()) continue;
        if (label >= 0) {  // two of them: it teaches nothing
          label = -1;
          break;
        }
        label = static_cast<int>(k);
      }
      if (label < 0) continue;
    } else {
      if (known.empty()) continue;  // nobody has looked at it yet
      label = std::find(known.begin(), known.end(), group.labels[0]) != known.end();
    }
    ++counts[label];
    examples.push_back({&features[*place], label});
  }
  if (counts.size() < 2) return std::nullopt;
  const std::size_t rarest = std::min_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
                               return a.second < b.second;
                             })->second;
  if (!group.is_exclusive() && rarest < 10) return std::nullopt;
  const int label_count = group.is_exclusive() ? static_cast<int>(group.labels.size()) : 2;
  GroupLearner learner(group, Classifier(examples, label_count, options_for(group, examples.size())));
  learner.learnt_from_ = examples.size();
  if (group.is_exclusive()) {
    std::vector<std::pair<std::size_t, std::string>> order;
    for (std::size_t k = 0; k < group.labels.size(); ++k)
      order.emplace_back(counts[static_cast<int>(k)], group.labels[k]);
    std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    for (auto& [count, label] : order) learner.by_frequency_.push_back(label);
  }
  return learner;
}

std::vector<double> GroupLearner::probabilities(const Features& features) const {
  auto all = classifier_.probabilities(features);
  if (group_.is_exclusive()) return all;
  return {all[1]};
}

std::string GroupLearner::why(const std::string& title, const std::string& body, const Features& features,
                              std::size_t label) const {
  std::array<std::vector<double>, kViews> weights;
  const auto options = options_for(group_);
  for (std::size_t view = 0; view < kViews; ++view)
    if (options.views.empty() || std::find(options.views.begin(), options.views.end(), view) != options.views.end())
      weights[view] = classifier_.contributions(features, static_cast<View>(view),
                                                group_.is_exclusive() ? static_cast<int>(label) : 1);
  std::array<std::size_t, kViews> next{};
  std::map<std::string, double> reasons;
  for_each_feature(title, body, [&](View view, std::uint64_t, const std::string& text) {
    const std::size_t at = next[view]++;
    const bool tells_little = text.starts_with("text begins") || text.starts_with("text ends");
    if (view == title_pieces || view == all_words || tells_little || at >= weights[view].size()) return;
    const double length = static_cast<double>(weights[view].size());
    const double weight = weights[view][at] / std::max(1.0, std::sqrt(length));
    if (weight < kLeastReason) return;
    const std::string name = view == title_words  ? fmt::format("“{}” in the title", text)
                             : view == headings   ? fmt::format("heading “{}”", text)
                             : view == code_words ? fmt::format("“{}” in code", text)
                             : view == shape      ? shape_in_words(text)
                             : view == phrases    ? text
                                                  : fmt::format("“{}”", text);
    auto& slot = reasons[name];
    slot = std::max(slot, weight);
  });
  std::vector<std::pair<double, std::string>> order;
  for (const auto& [name, weight] : reasons) order.emplace_back(weight, name);
  std::sort(order.rbegin(), order.rend());
  if (order.size() > kReasons) order.resize(kReasons);
  std::vector<std::string> names;
  for (const auto& [weight, name] : order) names.push_back(one_line(name));
  return fmt::format("{}", fmt::join(names, ", "));
}

void GroupLearner::pack(Packer& packer) const {
  packer.text(group_.name);
  packer.whole(group_.labels.size());
  for (const auto& label : group_.labels) packer.text(label);
  packer.whole(by_frequency_.size());
  for (const auto& label : by_frequency_) packer.text(label);
  packer.whole(learnt_from_);
  classifier_.pack(packer);
}

GroupLearner GroupLearner::unpack(Unpacker& unpacker) {
  LabelGroup group{std::string(unpacker.text()), {}};
  group.labels.resize(unpacker.count(1));
  for (auto& label : group.labels) label = unpacker.text();
  std::vector<std::string> by_frequency(unpacker.count(1));
  for (auto& label : by_frequency) label = unpacker.text();
  const std::size_t learnt_from = unpacker.whole();
  if (group.labels.empty()) throw Error("a kept group has no labels");
  GroupLearner learner(std::move(group), Classifier::unpack(unpacker));
  learner.by_frequency_ = std::move(by_frequency);
  learner.learnt_from_ = learnt_from;
  return learner;
}

namespace {

constexpr std::string_view kForm = "1", kName = "labels";  // of what is kept

std::string pack(const std::vector<LabelSuggestion>& suggestions) {
  Packer packer;
  packer.whole(suggestions.size());
  for (const auto& each : suggestions) {
    packer.text(each.label);
    packer.text(each.group);
    packer.number(each.probability);
    packer.text(each.why);
  }
  return packer.take();
}

std::vector<LabelSuggestion> unpack(std::string_view bytes) {
  Unpacker unpacker(bytes);
  std::vector<LabelSuggestion> suggestions(unpacker.count(11));
  for (auto& each : suggestions) {
    each.label = unpacker.text();
    each.group = unpacker.text();
    each.probability = unpacker.number();
    each.why = unpacker.text();
  }
  unpacker.finish();
  return suggestions;
}

std::string pack(const std::vector<GroupLearner>& learners) {
  Packer packer;
  packer.whole(learners.size());
  for (const auto& learner : learners) learner.pack(packer);
  return packer.take();
}

std::vector<GroupLearner> unpack_learners(std::string_view bytes) {
  Unpacker unpacker(bytes);
  const std::size_t count = unpacker.count(16);
  std::vector<GroupLearner> learners;
  for (std::size_t i = 0; i < count; ++i) learners.push_back(GroupLearner::unpack(unpacker));
  unpacker.finish();
  return learners;
}

}  // namespace

LabelSuggester::LabelSuggester(const Context& context)
    : context_(context),
      from_(context.config.triage.suggest_from / 100.0),
      moment_(learning_moment(context.as_of)),
      answers_(context, std::string(kName)) {
  const std::int64_t issues =
      count_when_learning(context, "item WHERE project_id = :project AND kind = 'issue' AND created_at");
  basis_ = fmt::format("{}: {} issues by {}; without {}", kForm, issues, format_date(moment_),
                       short_hash(context.config.triage.undecidable_labels));
}

const std::vector<GroupLearner>& LabelSuggester::learners() {
  if (!learners_)
    learners_ = kept_or_made(
        context_, kName, basis_, unpack_learners, [&] { return learn(); },
        [](const std::vector<GroupLearner>& made) { return pack(made); });
  return *learners_;
}

std::vector<GroupLearner> LabelSuggester::learn() const {
  const Context then = when_learning(context_);
  const LabelHistory history = load_label_history(then);
  std::vector<Features> features;
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < history.items.size(); ++i) {
    features.push_back(features_of(history.items[i].title, history.items[i].body));
    all.push_back(i);
  }
  // Groups are learnt beside each other; each for itself, so that the result is the same.
  const auto groups = label_groups(history, then.as_of, context_.config.triage.undecidable_labels);
  std::vector<std::optional<GroupLearner>> learnt(groups.size());
  Progress progress("learning labels", groups.size());
  std::mutex reporting;
  parallel_for(groups.size(), processor_count(), [&](unsigned, std::size_t i) {
    learnt[i] = GroupLearner::learn(history, features, all, groups[i], then.as_of);
    const std::lock_guard lock(reporting);
    progress.advance();
  });
  std::vector<GroupLearner> learners;
  for (auto& each : learnt)
    if (each) learners.push_back(std::move(*each));
  return learners;
}

std::vector<LabelSuggestion> LabelSuggester::suggest(std::int64_t item_id, const std::string& title,
                                                     const std::string& body, const std::set<std::string>& borne) {
  const std::string basis =
      fmt::format("{}; from {}; {}", basis_, from_,
                  short_hash(title + '\n' + body + '\n' + fmt::format("{}", fmt::join(borne, "\n"))));
  if (const auto* known = answers_.find(item_id, basis)) try {
      return unpack(*known);
    } catch (const Error&) {
      // It is found anew.
    }
  std::vector<LabelSuggestion> result;
  const Features features = features_of(title, body);
  for (const auto& learner : learners()) {
    const auto& labels = learner.group().labels;
    if (std::any_of(labels.begin(), labels.end(), [&](const auto& label) { return borne.contains(label); })) continue;
    const auto probabilities = learner.probabilities(features);
    const auto best =
        static_cast<std::size_t>(std::max_element(probabilities.begin(), probabilities.end()) - probabilities.begin());
    if (probabilities[best] < from_) continue;
    result.push_back(
        {labels[best], learner.group().name, probabilities[best], learner.why(title, body, features, best)});
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const auto& a, const auto& b) { return a.probability > b.probability; });
  answers_.keep(item_id, basis, pack(result));
  return result;
}

}  // namespace resident::labels
