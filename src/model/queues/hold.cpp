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

}  // namespace resident
