// Whose words a post quotes ("> …"), and so answers: looked for in the posts before it, by
// letters and digits alone, since quoting changes marks and spaces.
#pragma once

#include <cstdint>
#include <model/open_items.hpp>
#include <string>
#include <vector>

namespace resident {

class Quotes {
 public:
  static constexpr std::int64_t kUnknown = -1, kGone = -2;

  explicit Quotes(const OpenItem& item) : item_(item) {}

  // Whose post this entry of the item quotes first: 0 where it quotes nothing; kUnknown where the thread does not say
  // whose words these are.
  std::int64_t quoted_by(const Entry& entry);
  // Whether it begins with a quote of somebody who is neither the author nor the speaker.
  bool answers_another(const Entry& entry);

 private:
  void learn_texts();

  const OpenItem& item_;
  std::string squeezed_body_;
  std::vector<std::string> squeezed_;  // of each entry, made when the first quote is met
};

}  // namespace resident
