// Markdown that people wrote, as HTML, by cmark-gfm in its safe mode: raw HTML and
// unsafe addresses are left out. Images become links, since a page sends no request.
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <memory>
#include <mutex>
#include <vector>
#include <views/page.hpp>

namespace resident {

namespace {

struct ParserFree {
  void operator()(cmark_parser* parser) const { cmark_parser_free(parser); }
};
struct NodeFree {
  void operator()(cmark_node* node) const { cmark_node_free(node); }
};
struct IteratorFree {
  void operator()(cmark_iter* iterator) const { cmark_iter_free(iterator); }
};

std::vector<cmark_node*> nodes_of(cmark_node* root, cmark_node_type type) {
  std::vector<cmark_node*> found;
  const std::unique_ptr<cmark_iter, IteratorFree> iterator(cmark_iter_new(root));
  for (cmark_event_type event; (event = cmark_iter_next(iterator.get())) != CMARK_EVENT_DONE;)
    if (event == CMARK_EVENT_ENTER && cmark_node_get_type(cmark_iter_get_node(iterator.get())) == type)
      found.push_back(cmark_iter_get_node(iterator.get()));
  return found;
}

// The alternative text alone where an image stands inside a link already.
void replace_image(cmark_node* image) {
  bool in_link = false;
  for (cmark_node* above = cmark_node_parent(image); above; above = cmark_node_parent(above))
    in_link = in_link || cmark_node_get_type(above) == CMARK_NODE_LINK;
  cmark_node* link = cmark_node_new(CMARK_NODE_LINK);
  cmark_node_set_url(link, cmark_node_get_url(image));
  if (in_link) {
    while (cmark_node* child = cmark_node_first_child(image)) cmark_node_insert_before(image, child);
    cmark_node_free(link);
  } else {
    cmark_node_insert_before(image, link);
    while (cmark_node* child = cmark_node_first_child(image)) cmark_node_append_child(link, child);
  }
  cmark_node_free(image);
}

void move_headings(cmark_node* root, int highest) {
  const std::vector<cmark_node*> headings = nodes_of(root, CMARK_NODE_HEADING);
  int least = 6;
  for (cmark_node* heading : headings) least = std::min(least, cmark_node_get_heading_level(heading));
  int last = highest - 1;
  for (cmark_node* heading : headings) {
    // No level is skipped on the way down: screen readers announce them.
    last = std::min({cmark_node_get_heading_level(heading) - least + highest, last + 1, 6});
    cmark_node_set_heading_level(heading, last);
  }
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

}  // namespace

std::string render_markdown_as_html(std::string_view markdown, int heading_level) {
  static std::once_flag registered;
  std::call_once(registered, cmark_gfm_core_extensions_ensure_registered);

  const std::unique_ptr<cmark_parser, ParserFree> parser(cmark_parser_new(CMARK_OPT_DEFAULT));
  for (const char* name : {"table", "strikethrough"}) {
    cmark_syntax_extension* extension = cmark_find_syntax_extension(name);
    if (!extension) throw Error(fmt::format("cmark-gfm lacks the extension {}", name));
    cmark_parser_attach_syntax_extension(parser.get(), extension);
  }
  std::string clean;  // line by line, for bidirectional overrides and escape codes
  for (const std::string_view line : split(markdown, '\n')) {
    std::string text;
    for (const std::string_view piece : split(line, '\t')) text += (text.empty() ? "" : "    ") + one_line(piece);
    clean += text + "\n";
  }
  cmark_parser_feed(parser.get(), clean.data(), clean.size());
  const std::unique_ptr<cmark_node, NodeFree> root(cmark_parser_finish(parser.get()));
  for (cmark_node* image : nodes_of(root.get(), CMARK_NODE_IMAGE)) replace_image(image);
  move_headings(root.get(), heading_level);

  char* rendered = cmark_render_html(root.get(), CMARK_OPT_DEFAULT, cmark_parser_get_syntax_extensions(parser.get()));
  std::string html(rendered);
  cmark_get_default_mem_allocator()->free(rendered);
  // In safe mode only the renderer writes '<'; text has &lt;.
  replace_all(html, "<a href=", "<a rel=\"noopener noreferrer\" href=");
  replace_all(html, "<table>", "<div class=\"scroll\" role=\"group\" aria-label=\"Table\" tabindex=\"0\"><table>");
  replace_all(html, "</table>", "</table></div>");
  replace_all(html, "<th", "<th scope=\"col\"");
  replace_all(html, "<th scope=\"col\"ead>", "<thead>");
  replace_all(html, "<!-- raw HTML omitted -->", "");
  return html;
}

}  // namespace resident
