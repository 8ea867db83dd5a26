"use strict";
(function () {
  const source = document.getElementById("data");
  if (!source) return;
  const film = JSON.parse(source.textContent);
  const steps = film.steps;
  const last = steps[steps.length - 1];
  const slider = document.getElementById("slider");
  const where = document.getElementById("where");
  const play = document.getElementById("play");

  function bytes(text) {
    const raw = atob(text);
    const out = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) out[i] = raw.charCodeAt(i);
    return out;
  }

  // Each kind of view makes, for one side, the function that shows a frame of it.
  const views = {
    points: function (stage, ink, packed) {
      const values = new DataView(bytes(packed).buffer);
      const count = values.byteLength / 4 / steps.length;
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      svg.setAttribute("viewBox", "0 0 " + film.grid + " " + film.grid);
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("class", "cloud " + ink);
      path.style.strokeWidth = 8;
      svg.append(path);
      stage.append(svg);
      return function (frame) {
        let d = "";
        for (let i = 0, at = frame * count * 4; i < count; i++, at += 4) {
          d += "M" + values.getInt16(at, true) + " " + values.getInt16(at + 2, true) + "h0";
        }
        path.setAttribute("d", d);
      };
    },

    images: function (stage, ink, url) {
      const side = Math.ceil(Math.sqrt(film.count));
      const canvas = document.createElement("canvas");
      canvas.width = side * film.width;
      canvas.height = Math.ceil(film.count / side) * film.height;
      const pen = canvas.getContext("2d");
      const sheet = new Image();
      let shown = 0;
      function show(frame) {
        shown = frame;
        if (!sheet.complete) return;
        const w = film.width, h = film.height;
        for (let i = 0; i < film.count; i++) {
          pen.drawImage(sheet, frame * w, i * h, w, h, (i % side) * w, Math.floor(i / side) * h, w, h);
        }
      }
      sheet.onload = function () { show(shown); };
      sheet.src = url;
      stage.append(canvas);
      return show;
    },

    rows: function (stage, ink, packed) {
      const values = new Int8Array(bytes(packed).buffer);
      const size = film.columns * film.rows;
      const canvas = document.createElement("canvas");
      canvas.className = "rows";
      canvas.width = film.columns;
      canvas.height = values.length / steps.length / film.columns;
      const pen = canvas.getContext("2d");
      stage.append(canvas);
      function colour(name) {
        const hex = getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
        return [1, 3, 5].map(function (i) { return parseInt(hex.slice(i, i + 2), 16); });
      }
      return function (frame) {
        const above = colour(ink), below = colour("quiet");
        const image = pen.createImageData(canvas.width, canvas.height);
        const cells = canvas.width * canvas.height;
        for (let i = 0; i < cells; i++) {
          const value = values[frame * cells + i];
          image.data.set(value > 0 ? above : below, 4 * i);
          image.data[4 * i + 3] = 2 * Math.abs(value);
        }
        pen.putImageData(image, 0, 0);
      };
    }
  };

  const shows = [];
  [["forward", "data"], ["reverse", "model"]].forEach(function (side) {
    const figure = document.getElementById(side[0]);
    if (film[side[0]]) {
      shows.push(views[film.view](figure.querySelector(".stage"), side[1], film[side[0]]));
    } else {
      figure.hidden = true;
    }
  });

  function show() {
    const frame = Number(slider.value);
    const t = steps[frame];
    const end = t === 0 ? " (no noise)" : t === last ? " (pure noise)" : "";
    where.textContent = "t = " + t + " of " + last + end;
    slider.setAttribute("aria-valuetext", where.textContent);
    shows.forEach(function (draw) { draw(frame); });
  }

  let timer = 0;
  function stop() {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
  }
  play.addEventListener("click", function () {
    if (timer) return stop();
    play.textContent = "Pause";
    let way = Number(slider.value) === Number(slider.max) ? -1 : 1;
    timer = setInterval(function () {
      slider.value = Number(slider.value) + way;
      show();
      if (way > 0 && slider.value === slider.max) way = -1;
      else if (way < 0 && slider.value === slider.min) stop();
    }, 90);
  });
  slider.max = steps.length - 1;
  // Neither end says much: begin where the noise has come in, but the data can still be seen.
  slider.value = Math.round(0.35 * slider.max);
  slider.addEventListener("input", function () { if (timer) stop(); show(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  show();
})();
