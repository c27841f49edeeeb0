#include <fmt/format.h>

#include <model/queues/approvals.hpp>
#include <model/queues/hold.hpp>

namespace resident {

void Hold::describe(const OpenItem& item, const Heard& description) {
  if (description.holds)
    standing_ = Standing{item.author, item.created_at, description.by_command, description.holds_for_else,
                         description.held_for};
}

void Hold::said(const Entry& entry, const Heard& heard, bool by_author) {
  if (heard.holds) {
    standing_ = Standing{entry.person, entry.at, heard.by_command, heard.holds_for_else, heard.held_for};
  } else if (standing_ && heard.releases && heard.by_command) {
    standing_.reset();
  } else if (standing_ && !standing_->by_command && (entry.person == standing_->person || by_author) &&
             (heard.releases || heard.says_ready || heard.approves || heard.consents)) {
    standing_.reset();
  }
}

void Hold::approved(const Entry& entry, const Heard& heard) {
  if (heard.holds || heard.by_command) {
    said(entry, heard, false);
  } else if (standing_ && !standing_->by_command && standing_->person == entry.person) {
    standing_.reset();
  }
}

void Hold::unlabeled(const std::string& label) {
  if (is_label_of_hold(label)) standing_.reset();
}

std::optional<Hold::Wait> Hold::wait(const OpenItem& item, bool is_all_done, const People& people,
                                     const ReviewState& state) const {
  if (!standing_) return std::nullopt;
  auto named = people_named(standing_->for_whom, people);
  named.erase(item.author);
  named.erase(standing_->person);
  auto whom = named;
  std::erase_if(whom, [&](std::int64_t person) { return state.approval_of(person) != nullptr; });
  if (!named.empty() && whom.empty()) return std::nullopt;
  const bool is_told = !standing_->for_whom.empty();
  const std::string what = !is_told        ? "not to merge it yet"
                           : named.empty() ? "to wait for " + *standing_->for_whom.begin()
                                           : "to wait for " + names_of(whom, people);
  const Turn turn = is_told                                       ? Turn::reviewer
                    : standing_->is_for(item.author, is_all_done) ? Turn::author
                                                                  : Turn::nobody;
  return Wait{turn, standing_->at, fmt::format("{} asks {}", people.name(standing_->person), what), whom};
}

}  // namespace resident
