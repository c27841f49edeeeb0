#include <fmt/format.h>

#include <algorithm>
#include <git/log_text.hpp>

namespace resident::git {

namespace {

bool is_plain(std::string_view path) {
  return std::all_of(path.begin(), path.end(), [](char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; });
}

// What both names share, folder by folder, stands outside of the braces.
std::string rename_text(std::string_view from, std::string_view to) {
  if (!is_plain(from) || !is_plain(to)) return quote_path(from) + " => " + quote_path(to);
  std::size_t prefix = 0;
  for (std::size_t i = 0; i < std::min(from.size(), to.size()) && from[i] == to[i]; ++i)
    if (from[i] == '/') prefix = i + 1;
  // The slash that ends the prefix may begin the suffix, too.
  const std::size_t shared = prefix ? prefix - 1 : 0;
  std::size_t suffix = 0;
  for (std::size_t back = 1; back <= std::min(from.size(), to.size()) - shared; ++back) {
    const char a = from[from.size() - back], b = to[to.size() - back];
    if (a != b) break;
    if (a == '/') suffix = back;
  }
  const auto middle = [&](std::string_view name) {
    return name.size() > prefix + suffix ? name.substr(prefix, name.size() - prefix - suffix) : std::string_view{};
  };
  if (!prefix && !suffix) return fmt::format("{} => {}", from, to);
  return fmt::format("{}{{{} => {}}}{}", from.substr(0, prefix), middle(from), middle(to),
                     from.substr(from.size() - suffix));
}

std::string id_text(const Entry& entry, std::size_t id_bytes) {
  return entry.exists() ? to_hexadecimal(entry.id) : std::string(2 * id_bytes, '0');
}

}  // namespace

std::string quote_path(std::string_view path) {
  if (is_plain(path)) return std::string(path);
  std::string text = "\"";
  for (const char c : path) {
    constexpr std::string_view kEscaped = "\a\b\t\n\v\f\r\"\\", kLetters = "abtnvfr\"\\";
    const std::size_t at = kEscaped.find(c);
    if (at != std::string_view::npos)
      text += {'\\', kLetters[at]};
    else if (c >= 0x20 && c < 0x7F)
      text += c;
    else
      text += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
  }
  return text + '"';
}

std::string numstat_line(const TreeChange& change) {
  const std::string name =
      change.old_path.empty() ? quote_path(change.path) : rename_text(change.old_path, change.path);
  if (change.additions < 0) return "-\t-\t" + name;
  return fmt::format("{}\t{}\t{}", change.additions, change.deletions, name);
}

std::string raw_line(const TreeChange& change, std::size_t id_bytes) {
  std::string text = fmt::format(":{:06o} {:06o} {} {} {}", change.before.mode, change.after.mode,
                                 id_text(change.before, id_bytes), id_text(change.after, id_bytes), change.status());
  if (change.status() == 'R') text += fmt::format("{:03}\t{}", change.similarity, quote_path(change.old_path));
  return text + '\t' + quote_path(change.path);
}

}  // namespace resident::git
