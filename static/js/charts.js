// Draws the charts of a page. Each chart is a figure with its table and a script element that
// holds the plotly specification as JSON; without this script the page is complete all the same.
"use strict";

(() => {
  const bundle = document.currentScript.dataset.plotly;
  let loaded;

  // plotly.js would add its rules as inline style, which our policy refuses: static/report/charts.css
  // holds them, and an element of this name and class tells plotly.js that it need not.
  function declareStyle() {
    const mark = document.createElement("meta");
    mark.id = "plotly.js-style-global";
    mark.className = "no-inline-styles";
    document.head.append(mark);
  }

  function load() {
    loaded ??= new Promise((resolve, reject) => {
      declareStyle();
      const script = document.createElement("script");
      script.src = bundle;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
    return loaded;
  }

  // The specification names the custom property of each of its colours, so that the theme and
  // dark mode reach into the chart. An element in the page resolves what a property holds.
  function themed(text, place) {
    const theme = JSON.parse(text).theme ?? {};
    for (const [colour, property] of Object.entries(theme)) {
      place.style.color = "";
      place.style.color = `var(${property}, ${colour})`;
      text = text.replaceAll(`"${colour}"`, JSON.stringify(getComputedStyle(place).color));
    }
    place.style.color = "";
    return JSON.parse(text);
  }

  async function draw(figure) {
    const place = figure.querySelector("[data-chart-place]");
    const text = figure.querySelector("[data-chart-figure]").textContent;
    await Promise.all([load(), document.fonts.ready]);
    const { data, layout, config } = themed(text, place);
    await Plotly.react(place, data, layout, config);
  }

  function drawAll() {
    document.querySelectorAll("[data-chart]").forEach((figure) => void draw(figure));
  }

  document.addEventListener("DOMContentLoaded", drawAll);
  document.addEventListener("htmx:load", drawAll);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  new MutationObserver(drawAll).observe(document.documentElement, {
    attributeFilter: ["data-bs-theme"],
  });
})();
