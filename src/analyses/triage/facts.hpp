// What a triager wants to know of one open issue before deciding: labels that its words
// suggest, reports of the same, what is missing, what claims to have mended it, whether it worked
// before, where in the code it belongs and who knows that, signals of priority; and what could
// be done, as proposals. Nothing is known that was not known at the context's moment (texts,
// reactions, milestones and the tree that names modules are those of today). How often the rules are right:
// `resident accuracy facts`, triage/accuracy.cpp. `resident triage show N` and `resident triage walk` use it.
#pragma once

#include <analyses/triage/mentions.hpp>
#include <functional>
#include <learn/duplicates/similar.hpp>
#include <learn/labels/suggest.hpp>
#include <memory>
#include <model/modules.hpp>
#include <model/queues/triage.hpp>

namespace resident {

// One write that could be made; actions/ turns it into a planned action.
struct TriageProposal {
  std::string kind;     // label, comment
  std::string content;  // the label's name, the comment's text
  std::string reason;
};

struct TriageFacts {
  std::vector<labels::LabelSuggestion> labels;
  std::vector<SimilarItem> duplicates;  // probable, from triage.suggest_from on
  std::vector<SimilarItem> similar;     // worth a look
  std::vector<std::string> missing;
  std::vector<Mention> mentions;
  std::vector<Mention> pulls;  // open
  std::string worked_before;   // the sentence that says so
  std::string module;
  std::string module_why;
  std::vector<std::string> experts;  // living ones
  std::vector<std::string> signals;
  std::string newcomer;  // why it may suit one; "": nothing says so
  std::vector<TriageProposal> proposals;
};

class TriageAdvisor {
 public:
  // without_learnt: no labels and no reports of the same are suggested, which may have to be learnt first. threads:
  // what the queue keeps; facts of an entry whose text it dropped are told by reading it again.
  explicit TriageAdvisor(const Context& context, bool without_learnt = false, Threads threads = Threads::kept);
  ~TriageAdvisor();
  const TriageQueue& queue() const;
  // Throws Error{usage} where no open issue has the number at the moment.
  const TriageEntry& find(std::int64_t number) const;
  // With its text (not its thread), whether the queue keeps it or not.
  TriageEntry with_text(const TriageEntry& entry) const;
  TriageFacts facts(const TriageEntry& entry);
  // Keeps what was answered; also done at the end.
  void save();

 private:
  TriageFacts facts_with_text(const TriageEntry& entry);
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// The parts that need only a text; for tests.
std::vector<std::string> missing_information(const std::string& title, const std::string& body);
std::string worked_before(const std::string& title, const std::string& body);
bool sounds_small(const std::string& title, const std::string& body);

// Facts as a table: what, the answer, where it comes from.
Result facts_result(const Context& context, const TriageEntry& entry, const People& people, const TriageFacts& facts);

}  // namespace resident
