#include <fmt/format.h>

#include <base/text.hpp>
#include <views/page.hpp>

namespace resident {

namespace {

constexpr std::size_t kShownText = 4000;

std::string hidden(const char* name, const std::string& value) {
  return fmt::format("<input type=\"hidden\" name=\"{}\" value=\"{}\">", name, escape_html(clean_text(value)));
}

std::string form_of(const ActionForm& form, const ActionCard& card, const DocumentOptions& options) {
  std::string out = fmt::format("<form method=\"post\" action=\"/plan\" class=\"action\">{}{}{}{}{}{}",
                                hidden("token", options.form_token), hidden("project", options.project),
                                hidden("item", std::to_string(card.item_id)), hidden("kind", form.kind),
                                hidden("reason", form.reason), hidden("back", options.here));
  const std::string content = escape_html(clean_text(form.content));
  switch (form.input) {
    case ActionForm::Input::fixed:
      out += hidden("content", form.content);
      break;
    case ActionForm::Input::line:
      out += fmt::format("<label>{} <input type=\"text\" name=\"content\" value=\"{}\" required></label>",
                         html_text(form.label), content);
      break;
    case ActionForm::Input::text:
      out += fmt::format("<label>{} <textarea name=\"content\" rows=\"3\" required>\n{}</textarea></label>",
                         html_text(form.label), content);
      break;
  }
  out += form.is_planned ? fmt::format("<span class=\"planned\">{}: in the plan</span>", html_text(form.button))
                         : fmt::format("<button type=\"submit\">{}</button>", html_text(form.button));
  if (!form.reason.empty()) out += fmt::format(" <span class=\"reason\">{}</span>", html_text(form.reason));
  return out + "</form>\n";
}

}  // namespace

std::string render_cards(const Page& page, const DocumentOptions& options, int heading_level) {
  std::string out;
  for (const ActionCard& card : page.cards) {
    const std::string url = safe_url(card.url);
    const std::string title = html_text(card.title);
    out += fmt::format("<article class=\"action-card\" id=\"item-{0}\" tabindex=\"-1\">\n<h{1}>{2}</h{1}>\n<dl>\n",
                       card.item_id, heading_level,
                       url.empty() ? title : fmt::format("<a href=\"{}\">{}</a>", escape_html(url), title));
    for (const auto& [what, answer] : card.facts)
      out += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", html_text(what), html_text(answer));
    out += "</dl>\n";
    if (!trim(card.text).empty())
      out += fmt::format(
          "<details><summary>What it says</summary><pre tabindex=\"0\" aria-label=\"Text of "
          "{}\">\n{}</pre></details>\n",
          title, escape_html(clean_text(card.text, kShownText)));
    if (!options.form_token.empty())
      for (const ActionForm& form : card.forms) out += form_of(form, card, options);
    out += "</article>\n";
  }
  if (!page.links.empty()) {
    out += "<p class=\"more\">";
    for (const auto& [address, title] : page.links)
      out += fmt::format("<a href=\"{}\">{}</a> ", escape_html(address), html_text(title));
    out += "</p>\n";
  }
  return out;
}

}  // namespace resident
