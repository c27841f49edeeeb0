// What an analysis learnt from a project's history, kept in the store, so that the
// next question is answered at once. Learning looks at what was known when the week
// began (Monday, UTC) and at nothing after: so it happens once a week, whoever asks
// first, and an answer is the same whether what was learnt had been kept or not (texts that
// were edited since stand as they were when it learnt). What is kept is never needed: with
// another basis, broken, or in a store that may only be read, it is learnt anew.
#pragma once

#include <base/error.hpp>
#include <framework/analysis.hpp>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace resident {

// The last beginning of a week that is not after the moment.
Timestamp learning_moment(Timestamp as_of);

// Who is who and the project's settings, for the basis of whatever depends on them: with other ones it is learnt anew.
std::string people_basis(const Context& context);

// What was kept under the name on exactly this basis.
std::optional<std::string> read_learnt(const Context& context, std::string_view name, const std::string& basis);
// Keeps it, and forgets what was answered on another basis; unless what is there was learnt later, or the store may
// only be read.
void keep_learnt(const Context& context, std::string_view name, const std::string& basis, Timestamp learnt_at,
                 std::string_view content);

// The context as it was just before the week began: what is learnt sees nothing later.
Context when_learning(const Context& context);
// How many rows there were then; rows: a table, conditions, and last the column of its time: "comment WHERE project_id
// = :project AND created_at". For a basis.
std::int64_t count_when_learning(const Context& context, std::string_view rows);

// What was kept, by `unpack` from its bytes; what `make` makes, kept by `pack`, where there is none or it is broken.
template <class Unpack, class Make, class Pack>
auto kept_or_made(const Context& context, std::string_view name, const std::string& basis, const Unpack& unpack,
                  const Make& make, const Pack& pack) -> decltype(unpack(std::string_view())) {
  if (const auto bytes = read_learnt(context, name, basis)) try {
      return unpack(*bytes);
    } catch (const Error&) {
      // Broken: made anew.
    }
  auto made = make();
  keep_learnt(context, name, basis, learning_moment(context.as_of), pack(made));
  return made;
}

// A short name of a text: the same text, the same name (FNV-1a, 64 bit). No protection against anybody who
// wants two texts with one name; a wrong suggestion for their own issue is all they would get.
std::string short_hash(std::string_view text);

// What was answered for items. Those asked for in this run are written when it ends.
class KeptAnswers {
 public:
  KeptAnswers(Context context, std::string name);
  ~KeptAnswers();
  KeptAnswers(const KeptAnswers&) = delete;
  KeptAnswers& operator=(const KeptAnswers&) = delete;
  // The content, if it was given on this basis.
  const std::string* find(std::int64_t item_id, const std::string& basis) const;
  void keep(std::int64_t item_id, const std::string& basis, std::string content);
  void save();

 private:
  struct Answer {
    std::string basis, content;
  };
  std::unordered_map<std::int64_t, Answer>& known() const;

  Context context_;
  std::string name_;
  mutable std::optional<std::unordered_map<std::int64_t, Answer>> known_;  // read when first asked
  std::vector<std::int64_t> new_;
};

}  // namespace resident
