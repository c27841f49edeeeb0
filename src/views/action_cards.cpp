#include <fmt/format.h>

#include <base/text.hpp>
#include <views/cells.hpp>

namespace resident {

namespace {

constexpr std::size_t kShownText = 4000;

std::string hidden(const char* name, const std::string& value) {
  return fmt::format("<input type=\"hidden\" name=\"{}\" value=\"{}\">", name, escape_html(clean_text(value)));
}

// What is known, a line each.
std::string facts_of(const ActionCard& card, const DocumentOptions& options) {
  std::string out;
  for (const CardFact& fact : card.facts) {
    const std::string page = key_address(fact.key, options), url = safe_url(fact.url);
    const std::string text = keep_units(written_text(fact.answer));
    std::string answer = text;
    if (!page.empty())
      answer = fmt::format("<a href=\"{}\">{}</a>{}", escape_html(page), text, forge_link(url, {}));
    else if (!url.empty())
      answer = fmt::format("<a href=\"{}\" rel=\"noopener noreferrer\">{}</a>", escape_html(url), text);
    else
      answer = link_items(with_commands(text), options);
    if (!fact.more.empty())
      answer += fmt::format(" <span class=\"reason\">– {}</span>",
                            link_items(with_commands(keep_units(html_text(fact.more))), options));
    out += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", html_text(fact.what), answer);
  }
  return out.empty() ? out : "<dl>\n" + out + "</dl>\n";
}

std::string forms_of(const ActionCard& card, const DocumentOptions& options) {
  if (options.form_token.empty()) return {};
  // Buttons and answers stand there; whatever has to be filled in first waits in the menu.
  std::string usual, rare;
  for (const ActionForm& form : card.forms)
    (form.is_rare || form.input == ActionForm::Input::line ? rare : usual) += render_form(form, card, options);
  if (!usual.empty()) usual = "<div class=\"forms\">\n" + usual + "</div>\n";
  if (rare.empty()) return usual;
  return usual +
         fmt::format(
             "<details class=\"rare\"><summary>Actions<span class=\"unseen\"> for {}</span></summary>\n{}</details>\n",
             html_text(card.title), rare);
}

}  // namespace

std::string render_form(const ActionForm& form, const ActionCard& card, const DocumentOptions& options) {
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
      out += fmt::format("<label>{} <input type=\"text\" name=\"content\" value=\"{}\"{}></label>",
                         html_text(form.label), content, form.may_be_empty ? "" : " required");
      break;
    case ActionForm::Input::text:
      out += fmt::format("<label>{} <textarea name=\"content\" rows=\"3\" required>\n{}</textarea></label>",
                         html_text(form.label), content);
      break;
  }
  out += form.is_planned ? fmt::format("<span class=\"planned\">{}: in the plan</span>", html_text(form.button))
                         : fmt::format("<button type=\"submit\">{}</button>", html_text(form.button));
  if (!form.reason.empty() && form.shows_reason)
    out += fmt::format(" <span class=\"reason\">{}</span>", html_text(form.reason));
  return out + "</form>\n";
}

std::string done_line(const DocumentOptions& options) {
  const std::string said = fmt::format("<p class=\"done\" role=\"status\">{}</p>\n", html_text(options.done));
  if (options.undo_kind.empty() || options.form_token.empty()) return said;
  ActionForm undo;
  undo.kind = options.undo_kind;
  undo.content = options.undo_content;
  undo.button = "Take it back";
  ActionCard card;
  card.item_id = options.done_item;
  return fmt::format("<div class=\"undo\">{}{}</div>\n", said, render_form(undo, card, options));
}

std::string render_cards(const Page& page, const DocumentOptions& options, int heading_level) {
  std::string out;
  for (const ActionCard& card : page.cards) {
    const std::string url = safe_url(card.url), local = key_address(card.key, options), title = html_text(card.title);
    const std::string address = local.empty() ? url : local;
    if (!card.heading.empty())
      out += fmt::format("<h{0} class=\"over-cards\">{1}</h{0}>\n", heading_level - 1, html_text(card.heading));
    out += fmt::format(
        "<article class=\"action-card\" id=\"{5}-{0}\" tabindex=\"-1\">\n<h{1}>{2}{3}{4}</h{1}>\n", card.item_id,
        heading_level,
        card.tag.empty() ? "" : fmt::format("<span class=\"tag\">{}</span> ", keep_units(html_text(card.tag))),
        address.empty() ? title : fmt::format("<a href=\"{}\">{}</a>", escape_html(address), title),
        local.empty() ? "" : forge_link(url, {}), html_text(card.anchor));
    if (!options.done.empty() && options.done_item == card.item_id && card.anchor == "item") out += done_line(options);
    out += facts_of(card, options);
    if (!trim(card.text).empty())
      out += fmt::format(
          "<details><summary>What it says</summary><pre tabindex=\"0\" aria-label=\"Text of "
          "{}\">\n{}</pre></details>\n",
          title, written_text(clean_text(card.text, kShownText)));
    out += forms_of(card, options) + "</article>\n";
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
