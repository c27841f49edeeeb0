// The mails of a place: mbox files (plain or compressed, as pipermail, hyperkitty and lore give them), folders and tars
// of them, single mails. For whatever is made of mails: threads, patches, bugs.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace resident::mail {

struct MailPlace {
  // where: the file and the line on which it begins. is_cut: it was larger than kLargestMail and ends there. An Error
  // that this throws becomes a problem of that mail.
  std::function<void(std::string_view text, std::string_view separator, const std::string& where, bool is_cut)> mail;
  std::function<void(const std::string& where, const std::string& reason)> problem;
  // A file that could not be read, or not to its end: what it holds is not gone.
  std::function<void(const std::string& where, const std::string& reason)> damaged_file;
  // Around the mails of each file, by its name below the place; may be empty.
  std::function<void(const std::string&file)> begin, end;
};

// Files of a folder in order of their names, but for those that begin with a dot.
void read_mails(const std::string& location, const MailPlace& place);

}  // namespace resident::mail
