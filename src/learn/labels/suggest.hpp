// Labels that an issue's own words suggest, learnt from how the project labelled its
// issues. Probabilities are calibrated; what is not probable enough stays unsaid.
// Its record: `resident accuracy labels`.
#pragma once

#include <framework/learnt.hpp>
#include <learn/labels/classifier.hpp>
#include <learn/labels/history.hpp>
#include <optional>
#include <set>

namespace resident::labels {

struct LabelSuggestion {
  std::string label, group;
  double probability = 0;
  std::string why;  // the features that spoke most for it
};

// One group learnt from what was known by a moment.
class GroupLearner {
 public:
  // learn_from: places in history.items. Nothing where there is too little to learn from.
  static std::optional<GroupLearner> learn(const LabelHistory& history, const std::vector<Features>& features,
                                           const std::vector<std::size_t>& learn_from, const LabelGroup& group,
                                           Timestamp moment);
  // Of each label of an exclusive group; of the single label otherwise.
  std::vector<double> probabilities(const Features& features) const;
  // Labels by how often they were given: what the simple way would say.
  const std::vector<std::string>& by_frequency() const { return by_frequency_; }
  const LabelGroup& group() const { return group_; }
  std::size_t learnt_from() const { return learnt_from_; }
  std::string why(const std::string& title, const std::string& body, const Features& features, std::size_t label) const;
  // As bytes and back (base/packed.hpp). Throws Error where they are broken.
  void pack(Packer& packer) const;
  static GroupLearner unpack(Unpacker& unpacker);

 private:
  GroupLearner(LabelGroup group, Classifier classifier)
      : group_(std::move(group)), classifier_(std::move(classifier)) {}
  LabelGroup group_;
  Classifier classifier_;
  std::vector<std::string> by_frequency_;
  std::size_t learnt_from_ = 0;
};

// What was learnt when the week began is kept, and so are answers (framework/learnt.hpp).
class LabelSuggester {
 public:
  explicit LabelSuggester(const Context& context);
  // Best first: of each exclusive group that the issue bears no label of, the best label; others by themselves; each
  // only from triage.suggest_from on.
  std::vector<LabelSuggestion> suggest(std::int64_t item_id, const std::string& title, const std::string& body,
                                       const std::set<std::string>& borne);
  bool knows_anything() { return !learners().empty(); }
  // What was answered is written; also done at the end.
  void save() { answers_.save(); }

 private:
  const std::vector<GroupLearner>& learners();
  std::vector<GroupLearner> learn() const;

  Context context_;
  double from_;
  Timestamp moment_;
  std::string basis_;
  KeptAnswers answers_;
  std::optional<std::vector<GroupLearner>> learners_;  // when they are first needed
};

}  // namespace resident::labels
