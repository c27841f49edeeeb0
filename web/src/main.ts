// Everything on a page stands in its HTML already. This adds what HTML cannot do:
// pictures of the figures, tables that can be sorted, keys, and a word when a newer page is there.
import "./resident.css";
import { drawFigure } from "./figure";
import { enableKeys } from "./keys";
import { watchForNewer } from "./newer";
import { enhanceTables } from "./table";

for (const figure of document.querySelectorAll<HTMLElement>("figure.chart")) drawFigure(figure);
enhanceTables(document);
enableKeys(document);
watchForNewer(document);
