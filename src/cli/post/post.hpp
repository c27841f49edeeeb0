// A report as a post for a blog: Markdown whose figures stand in marked regions (base/marked_regions.hpp), so that a
// person writes around them and they can be made anew; pictures as SVG files beside it; and the front matter that
// Jekyll, Hugo or Pelican wants. Every sentence with a figure is followed by a comment with the command that gives it
// again. Text of others is escaped so that none of the four renderers and neither Liquid nor Hugo's shortcodes find
// anything in it.
#pragma once

#include <analyses/report/report.hpp>
#include <base/marked_regions.hpp>
#include <cli/brief/brief.hpp>
#include <optional>
#include <string>
#include <vector>

namespace resident::post {

enum class FrontMatter { none, jekyll, hugo, pelican };
const std::vector<std::string>& front_matter_names();
// Throws Error{usage} with the nearest name; none for "".
FrontMatter parse_front_matter(const std::string& text);

struct Figure {
  std::string file;  // its name, without folder
  std::string svg;
};

struct Post {
  std::string title;
  std::string front_matter;  // with its end; "" for none
  std::string mark;          // the line that says of whom and of which days it is
  std::vector<MarkedRegion> regions;
  std::vector<Figure> figures;
};

struct PostOptions {
  FrontMatter front_matter = FrontMatter::none;
  // Before the names of figures: "figures/", "/assets/", "{static}/figures/"; none: no figures.
  std::optional<std::string> figures_url;
};

// at_end: the project as of the period's end. changed: what is compared with the period's begin, if it is.
Post make_post(const Context& at_end, const WeeklyReport& report, const brief::Comparison* changed,
               const PostOptions& options);
// A new file.
std::string as_text(const Post& post);
// "2024-02-01-project-2024-01.md": as Jekyll wants it.
std::string file_name(const Context& context, const WeeklyReport& report);

// What differs between the two moments, as Markdown: each sentence, what it was, and its command. in_code: the command
// is shown; else it stands in a comment.
std::string changes_text(const brief::Comparison& changed, Timestamp since, std::string (*escape)(std::string_view),
                         bool in_code);

// Of a kept post: whose it is, and its days. Nothing where the text is none.
struct KeptPost {
  std::string key;
  Timestamp begin = 0, end = 0;
};
std::optional<KeptPost> read_mark(std::string_view text);
std::string key_of(const std::string& project, const std::string& person);

// Text of others, for a post.
std::string post_text(std::string_view text);

}  // namespace resident::post
