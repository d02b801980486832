#!/usr/bin/env bash
# Makes the test stream: three tracks of fragmented MP4 (CMAF), H.264 and AAC, one fragment a segment. Playlists, manifests
# and the endless live stream are made of them when they are asked for.
#
# 24 s are 600 frames of video and 1,125 frames of audio, so that the end of one round is the start of the next to the
# sample. Picture and sound return to where they began: the hue turns once, the dot twelve times, the tones end on whole waves.
# Needs ffmpeg with libx264 and the DejaVu fonts (`npm run setup:system`). Other versions of ffmpeg make other bytes.
set -euo pipefail
cd "$(dirname "$0")"

seconds=24
sans='font=DejaVu Sans:fontcolor=white'
tone='0.22*sin(2*PI*880*t)*exp(-14*mod(t\,1))+0.05*sin(2*PI*220*t)'
# The encoder puts one frame of 1,024 samples in front.
samples=$((seconds * 48000 - 1024))

ffmpeg -v error -y \
  -f lavfi -i "gradients=size=640x360:rate=25:duration=$seconds:speed=0.00001:seed=1:x0=0:y0=0:x1=640:y1=360:nb_colors=3:c0=0x12324f:c1=0x2f7f9f:c2=0x7fd0c0" \
  -f lavfi -i "color=c=white@0.0:s=32x32:r=25:d=$seconds,format=rgba,geq=r=255:g=255:b=255:a='255*clip(15.5-hypot(X-15.5,Y-15.5),0,1)'" \
  -f lavfi -i "aevalsrc='$tone+0.04*sin(2*PI*330*t)|$tone+0.04*sin(2*PI*275*t)':s=48000:d=$seconds" \
  -filter_complex "
    [0:v]hue=h='360*t/$seconds'[sky];
    [sky][1:v]overlay=x='W/2-16+130*sin(PI*t)':y='H/2-16-130*cos(PI*t)':eval=frame,
      drawtext=text='%{eif\:floor(t)\:d\:2}':$sans:fontsize=110:x=(w-text_w)/2:y=(h-text_h)/2,
      drawtext=text='edgepass test stream':$sans:fontsize=22:x=24:y=22,
      drawtext=text='%{pts\:hms}':font=DejaVu Sans Mono:fontcolor=white:fontsize=18:x=w-text_w-24:y=h-40,
      format=yuv420p,split=2[high][low];
    [high]drawtext=text='360p':$sans:fontsize=18:x=24:y=h-40[v360];
    [low]drawtext=text='180p':$sans:fontsize=18:x=24:y=h-40,scale=320:180[v180];
    [2:a]atrim=end_sample=$samples[a]" \
  $(for track in '[v360] 300k video-360' '[v180] 90k video-180' '[a] 64k audio'; do
    read -r map rate name <<< "$track"
    echo -map "$map" -map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact
    case $name in
      video-*) echo -c:v libx264 -preset veryslow -profile:v main -bf 0 -g 50 -keyint_min 50 -sc_threshold 0 -threads 1
        echo -b:v "$rate" -maxrate "$rate" -bufsize "$rate" -movflags +cmaf+frag_keyframe ;;
      audio) echo -c:a aac -b:a "$rate" -ac 2 -movflags +cmaf -frag_duration 2000000 ;;
    esac
    echo -use_editlist 0 -f mp4 "$name.mp4"
  done)
